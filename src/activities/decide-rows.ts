import { decide, type Clocks, type SideRead } from '../domain/decide.js'
import { ErrorClass, type Failure } from '../domain/failure.js'
import type { PassDirection } from '../domain/mapping.js'
import type { Match } from '../domain/match.js'
import type { ReadById } from '../domain/record.js'
import { RecordStatus, type CouplingOptions, type RunMode, type RunScope } from '../domain/run.js'
import { sourceOf } from '../domain/settle.js'
import { Side, otherSide } from '../domain/value.js'
import { coupledIds } from '../persistence/queries/coupled-ids.js'
import { couplingsByRecord, type StoredCoupling } from '../persistence/queries/couplings.js'
import { handledVersions, type HandledVersion } from '../persistence/queries/handled-versions.js'
import { openIntents } from '../persistence/queries/open-intents.js'
import { decideBereft, goneSide, refuseAction, survivorsOf } from './bereft-rows.js'
import { decideUndo } from './decide-undo.js'
import { decideGivenPairs } from './decide-pairs.js'
import { decideRepairs } from './decide-repairs.js'
import { guardRow } from './guard-row.js'
import { couplingTarget } from './coupling-update.js'
import { isInFilter, transferContext, type MappingContext } from './mapping-context.js'
import { refuseMadeAgain } from './made-again.js'
import { matchRows } from './match-rows.js'
import { modeOf } from './mode-of.js'
import { refuseCreation } from './refuse-creation.js'
import { refuseUnfindable } from './refuse-unfindable.js'
import { busy, type DecidedRow, type EngineDecision, type PageRow } from './page-format.js'
import { idOn, readDestinations, rereadStale } from './read-rows.js'
import { refuseUnseen } from './seen-row.js'
import { attemptsOf, isHandled, isSkipped, isUnread, loadStates } from './row-state.js'

/** What a page is decided for. */
export interface DecideRowsInput {
  readonly pass: PassDirection
  readonly mode: RunMode
  readonly scope: RunScope | null
  /** Of mode COUPLE. */
  readonly coupling: CouplingOptions
  readonly jobId: string
  readonly runId: string
  readonly pageId: string
  /** A plan: deletions are decided where they are found. */
  readonly dry: boolean
  /** When the rows were read, the database's clock; a coupling changed later means they are read again. */
  readonly fetchedAt: number
  /** The source's watermark of this pass, for what counts as unread. */
  readonly watermark: number | null
  /** As measured in this run. */
  readonly clocks: Clocks
  /** Whether a new version of either side lifts a skip that a failure caused. */
  readonly liftsSkips: boolean
  readonly rows: readonly PageRow[]
  /** Ids that this page has claimed; others are someone else's at the moment. */
  readonly claimed: ReadonlySet<string>
}

/**
 * Decides a page of source records: couplings, states and open intents are loaded in bulk, destinations are read by id in
 * bulk, then the pure table decides each. Versions that a scheduled pass has handled are left out.
 */
export async function decideRows(
  context: MappingContext,
  input: DecideRowsInput,
): Promise<readonly DecidedRow[]> {
  if (input.scope?.kind === 'undo') return decideUndo(context, input, input.scope)
  if (input.scope?.kind === 'couple') return decideGivenPairs(context, input, input.scope)
  if (input.scope?.kind === 'repair') return decideRepairs(context, input)
  const sourceSide = sourceOf(input.pass)
  const destinationSide = otherSide(sourceSide)
  const couples = input.mode === 'COUPLE'
  const ids = input.rows.map((row) => row.id)
  const handled =
    input.scope === null
      ? await handledVersions(context.em, context.mapping.id, sourceSide, ids)
      : new Map<string, HandledVersion>()
  const kept = input.rows.filter((row) => !isHandled(row, handled.get(row.id), input))
  const couplings = new Map<string, StoredCoupling>()
  for (const coupling of await couplingsByRecord(
    context.em,
    context.mapping.id,
    sourceSide,
    kept.map((row) => row.id),
  )) {
    couplings.set(sourceSide === Side.local ? coupling.localId : coupling.integrationId, coupling)
  }
  const rows = await rereadStale(context, sourceSide, kept, couplings, input.fetchedAt)
  const states = await loadStates(context, sourceSide, rows, couplings)
  const elsewhere = await coupledIds(
    context.em,
    context.connection.id,
    sourceSide,
    context.tables[sourceSide].name,
    rows.filter((row) => !couplings.has(row.id)).map((row) => row.id),
  )
  const open = await openIntents(context.em, couplingTarget(context), input.pageId)
  const keyField = context.tables[sourceSide].assignedKey?.field

  const isBusy = (row: PageRow): boolean => {
    const coupling = couplings.get(row.id)
    if (!input.claimed.has(row.id)) return true
    if (coupling !== undefined && open.couplings.has(coupling.id)) return true
    if (coupling !== undefined && open.records.has(`${destinationSide}:${idOn(coupling, destinationSide)}`))
      return true
    if (open.records.has(`${sourceSide}:${row.id}`)) return true
    if (keyField === undefined || row.read.kind !== 'found') return false
    return open.keys.has(`${sourceSide}:${String(row.read.record.values[keyField])}`)
  }

  const free = rows.filter((row) => !isBusy(row))
  // Match-based coupling leaves coupled records alone.
  const destinations = couples
    ? new Map<string, ReadById>()
    : await readDestinations(context, input, free, couplings, states)
  const inFilter = new Map(
    free.map((row) => [
      row.id,
      row.read.kind === 'found' && isInFilter(context, sourceSide, row.read.record),
    ]),
  )
  const uncoupled = free.flatMap((row) =>
    !couplings.has(row.id) &&
    row.read.kind === 'found' &&
    inFilter.get(row.id) === true &&
    !elsewhere.has(row.id) &&
    (couples || !context.definition.onlyCoupled)
      ? [row.read.record]
      : [],
  )
  const matches = await matchRows(context, sourceSide, uncoupled, open)
  const found = [...destinations.values()].flatMap((read) => (read.kind === 'found' ? [read.record] : []))
  const partners = [...matches.values()].flatMap((match) => (match.kind === 'one' ? [match.partner] : []))
  const sources = free.flatMap((row) => (row.read.kind === 'found' ? [row.read.record] : []))
  const [local, integration] =
    sourceSide === Side.local ? [sources, [...found, ...partners]] : [[...found, ...partners], sources]
  const transfer = await transferContext(context, { local, integration })
  const madeAgain =
    input.scope?.kind === 'restore'
      ? await refuseMadeAgain(context, survivorsOf(free, destinations, input.pass), open)
      : new Map<string, EngineDecision>()

  return rows.map((row): DecidedRow => {
    const coupling = couplings.get(row.id) ?? null
    const state = states.get(row.id) ?? null
    const destination = destinations.get(row.id)
    const evenIfMatched = input.scope?.kind === 'create' && input.scope.evenIfMatched
    const match: Match = (evenIfMatched ? undefined : matches.get(row.id)) ?? { kind: 'none' }
    const decideOne = (): EngineDecision => {
      if (isBusy(row)) return busy()
      const forbidden =
        row.read.kind === 'forbidden' ? row.read : destination?.kind === 'forbidden' ? destination : null
      if (forbidden !== null)
        return { row: 4, partner: null, outcome: 'failed', failure: forbiddenFailure(forbidden.message) }
      if (elsewhere.has(row.id) && inFilter.get(row.id) === true)
        return { row: 6, partner: null, outcome: 'ignored', reason: 'COUPLED_ELSEWHERE' }
      const unseen = refuseUnseen(input.scope, input.pass, row, coupling?.id ?? null, destination)
      if (unseen !== null) return unseen
      const action =
        input.scope?.kind === 'restore' || input.scope?.kind === 'delete' ? input.scope.kind : null
      const skipped =
        action === null && input.scope?.kind !== 'create' && isSkipped(row, state, destination, input)
      const read = { row, destination, state, skipped }
      const gone = coupling === null ? null : goneSide(read, input.pass)
      if (input.scope?.kind === 'create') {
        const told = refuseCreation(context, sourceSide, row, coupling !== null, match)
        if (told !== null) return told
      }
      if (action !== null && gone === null && row.read.kind === 'found') return refuseAction(action)
      const again = gone === null ? undefined : madeAgain.get(row.id)
      if (again !== undefined) return again
      const bereft =
        gone === null || input.dry ? null : decideBereft(read, gone, input.scope, context.definition)
      if (bereft !== null) return bereft
      return decide({
        mapping:
          action === 'restore'
            ? { ...context.definition, deletionConflictPolicy: 'RESTORE_RECORDS' }
            : context.definition,
        pass: input.pass,
        mode: modeOf(input, coupling, state),
        source: row.read.kind === 'found' ? row.read : { kind: 'gone' },
        destination: destinationRead(destination),
        coupling,
        skipped,
        inFilter: inFilter.get(row.id) ?? false,
        unread: isUnread(row, handled.get(row.id), input),
        match,
        context: transfer,
        clocks: input.clocks,
      })
    }
    const source = row.read.kind === 'found' ? row.read.record : null
    const { decision, flap } = guardRow(
      context,
      transfer,
      refuseUnfindable(context, sourceSide, decideOne()),
      {
        coupling,
        source,
        destination: destination?.kind === 'found' ? destination.record : null,
        sourceSide,
      },
      input.fetchedAt,
    )
    const partner = match.kind === 'one' && decision.partner === match.partner.id ? match.partner : null
    return {
      sourceId: row.id,
      origin: row.origin,
      source,
      destination: partner ?? (destination?.kind === 'found' ? destination.record : null),
      destinationId: partner?.id ?? (coupling === null ? null : idOn(coupling, destinationSide)),
      couplingId: coupling?.id ?? null,
      couplingRevision: coupling?.revision ?? null,
      coupling:
        coupling === null
          ? null
          : {
              local: coupling.local,
              integration: coupling.integration,
              base: coupling.base,
              last: coupling.last,
            },
      state:
        state === null
          ? null
          : {
              id: state.id,
              attempts: attemptsOf(row, state, destination, input),
              reason: state.reason,
              skipped: state.state === RecordStatus.skipped,
              direction: state.direction,
            },
      decision,
      written: null,
      refused: null,
      intentIds: [],
      ...(flap !== undefined && { flap }),
    }
  })
}

function destinationRead(read: ReadById | undefined): SideRead {
  if (read?.kind === 'found') return { kind: 'found', record: read.record }
  return read?.kind === 'gone' ? { kind: 'gone' } : { kind: 'notRead' }
}

function forbiddenFailure(message: string): Failure {
  return {
    errorClass: ErrorClass.permission,
    message,
    cause:
      'The integration user may not read this record, so Accord cannot tell whether it changed or was deleted.',
    remedy: 'Give the integration user read access to the record, or take it out of the filter.',
  }
}
