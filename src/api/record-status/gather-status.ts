import type { EntityManager } from '@mikro-orm/postgresql'
import type { ExaminedStanding } from '../../domain/examination.js'
import type { Filter } from '../../domain/filter.js'
import { carries, passFrom } from '../../domain/mapping.js'
import { nearest, StatusReason, whyOf } from '../../domain/record-status.js'
import type { Side } from '../../domain/value.js'
import { Connection } from '../../persistence/entities/connection.js'
import type { CouplingRecord } from '../../persistence/entities/coupling.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { RecordState } from '../../persistence/entities/record-state.js'
import { SynchError } from '../../persistence/entities/synch-error.js'
import {
  handledOfKeys,
  runFacts,
  type RecordKey,
  type RunFacts,
} from '../../persistence/queries/record-facts.js'
import { mappingRows } from '../../persistence/mapping-rows.js'
import type { KnownTable } from '../../persistence/tables.js'
import { findByIds } from '../loaders.js'
import { couplingsOf, isNewer, isOf, statesOf, storedClause, tablesOf } from './stored-facts.js'

/** A record, and the mappings that it may take part in. */
export interface Subject extends RecordKey {
  readonly mappingIds: readonly string[]
  /** As the row tells that led to it; null: not known. */
  readonly name: string | null
}

/** Everything that is known of a record in one mapping, and what follows. */
export interface Standing {
  readonly subject: Subject
  readonly reason: StatusReason
  readonly mapping: Mapping
  readonly connection: Connection
  readonly coupling: CouplingRecord | null
  readonly state: RecordState | null
  /** The error of the state, or of the mapping's runs where those are what stops it. */
  readonly error: SynchError | null
  readonly runs: RunFacts | null
  readonly tables: Readonly<Record<Side, KnownTable | null>>
  readonly clause: Filter | null
  /** A version that a scheduled pass has seen and that is not the one the coupling has. */
  readonly hasNewerHandled: boolean
  readonly live: ExaminedStanding | null
  /** Why nobody could look, where somebody was to. */
  readonly notLooked: string | null
}

/** What is stored of records, read in a number of statements that does not depend on how many they are. */
export async function gatherStandings(
  em: EntityManager,
  subjects: readonly Subject[],
): Promise<readonly (readonly Standing[])[]> {
  if (subjects.length === 0) return []
  const mappingIds = [...new Set(subjects.flatMap((subject) => subject.mappingIds))]
  const places = subjects.flatMap((subject) =>
    subject.mappingIds.map((mappingId) => ({ mappingId, side: subject.side, id: subject.id })),
  )
  const [mappings, connections, couplings, handled, runs] = await Promise.all([
    mappingRows(em, mappingIds),
    findByIds(em, Connection, [...new Set(subjects.map((subject) => subject.connectionId))]),
    couplingsOf(em, subjects),
    handledOfKeys(em, places),
    runFacts(em, mappingIds),
  ])
  const [states, tables] = await Promise.all([
    statesOf(
      em,
      couplings.map((coupling) => coupling.id),
      places,
    ),
    tablesOf(em, mappings, connections),
  ])
  const errorIds = [...states.map((state) => state.errorId), ...runs.map((run) => run.errorId)].filter(
    (id) => id !== null && id !== undefined,
  )
  const errors = errorIds.length === 0 ? [] : await findByIds(em, SynchError, errorIds)
  return subjects.map((subject) => {
    const coupling = couplings.find((candidate) => isOf(candidate, subject)) ?? null
    return subject.mappingIds.flatMap((mappingId) => {
      if (coupling !== null && coupling.mappingId !== mappingId) return []
      const mapping = mappings.find((candidate) => candidate.id === mappingId)
      const connection = connections.find((candidate) => candidate.id === mapping?.connectionId)
      // Deleted in between.
      if (mapping === undefined || connection === undefined) return []
      const state =
        states.find((candidate) =>
          coupling === null
            ? !candidate.couplingId &&
              candidate.mappingId === mappingId &&
              candidate.side === subject.side &&
              candidate.recordId === subject.id
            : candidate.couplingId === coupling.id,
        ) ?? null
      const run = runs.find((candidate) => candidate.mappingId === mappingId) ?? null
      const seen = handled.find(
        (row) => row.mappingId === mappingId && row.side === subject.side && row.id === subject.id,
      )
      const own = tables(mapping)
      return [
        judged({
          subject,
          mapping,
          connection,
          coupling,
          state,
          runs: run,
          tables: own,
          clause: storedClause(mapping, own, subject.side, coupling),
          hasNewerHandled:
            coupling !== null &&
            seen !== undefined &&
            isNewer(coupling, subject.side, seen.version, seen.stamp),
          live: null,
          notLooked: null,
          errors,
        }),
      ]
    })
  })
}

/** The same record with what a look at the systems has just shown. */
export function withLook(
  standing: Standing,
  live: ExaminedStanding | null,
  notLooked: string | null,
): Standing {
  const clause = live !== null && live.presence === 'FOUND' ? live.clause : standing.clause
  return judged({
    ...standing,
    clause,
    live,
    notLooked,
    errors: standing.error === null ? [] : [standing.error],
  })
}

/** Of what several mappings say the one thing to tell. */
export function tellingOf(standings: readonly Standing[]): Standing | null {
  return nearest(standings)
}

/** Whether what is stored leaves the reason open, so that somebody has to look. */
export function isOpen({ coupling, state, hasNewerHandled }: Standing): boolean {
  return state === null && (coupling === null || hasNewerHandled)
}

function judged(
  known: Omit<Standing, 'reason' | 'error'> & { readonly errors: readonly SynchError[] },
): Standing {
  const { errors, ...facts } = known
  const { subject, mapping, connection, coupling, state, runs, live } = facts
  const carriesAway = carries(mapping.definition, passFrom(subject.side))
  const isStopped = runs?.status === 'FAILED' && runs.errorId !== null
  const reason = whyOf({
    live:
      live === null
        ? null
        : {
            presence: live.presence,
            partnerFound: live.partner?.found ?? null,
            changed:
              live.changed === null ? null : live.changed.LOCAL.length + live.changed.INTEGRATION.length > 0,
          },
    isCoupled: coupling !== null,
    state:
      state === null
        ? null
        : {
            status: state.state,
            reason: state.reason,
            waitsFor:
              state.waitsForSide && state.waitsForId
                ? { side: state.waitsForSide, id: state.waitsForId }
                : null,
          },
    isFiltered: facts.clause !== null,
    connectionStopped: Boolean(connection.disabledAt ?? connection.pausedAt),
    mapping: {
      paused: Boolean(mapping.pausedAt),
      stopped: isStopped,
      creates: carriesAway && !mapping.definition.onlyCoupled,
    },
  })
  const errorId = reason === StatusReason.mappingStopped ? runs?.errorId : state?.errorId
  return { ...facts, reason, error: errors.find((error) => error.id === errorId) ?? null }
}
