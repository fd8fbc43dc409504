import { ErrorClass } from '../../domain/failure.js'
import type { Filter } from '../../domain/filter.js'
import { carries, passFrom } from '../../domain/mapping.js'
import { StatusReason } from '../../domain/record-status.js'
import { nextStart, scheduleOffset } from '../../domain/schedule.js'
import { assertNever, otherSide, Side } from '../../domain/value.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { describeFilter } from '../mapping/document/filter-document.js'
import type { Standing } from './gather-status.js'

/** How far ahead a back-off is told in times of the schedule; farther away its time means little. */
const MOST_STARTS = 64

/** Why, in one sentence. */
export function messageOf(standing: Standing): string {
  const { reason, mapping, connection, state, live, error } = standing
  const what = recordText(standing)
  switch (reason) {
    case StatusReason.unknownRecord:
      return live === null
        ? `Nothing is known of ${what} in ${mapping.name}: no run has coupled it or failed on it.`
        : live.presence === 'FORBIDDEN'
          ? `The integration user may not read ${what}, so nothing can be said of it.`
          : `There is no ${what}.`
    case StatusReason.connectionStopped:
      return connection.disabledAt
        ? `The connection ${connection.name} is disabled, so nothing of it is synchronized.`
        : `The connection ${connection.name} is paused, so nothing of it is synchronized by itself.`
    case StatusReason.conflict:
      return `Both records hold values of their own, and a person has to choose what of ${what} to keep.`
    case StatusReason.skipped:
      return state?.reason === ErrorClass.deletedRecord
        ? `One of the two records of ${what} was deleted, and a person has to say what becomes of the other.`
        : `Runs leave ${what} alone after ${state?.attempts ?? 0} failed attempts, until a person lifts that.`
    case StatusReason.deletionReview:
      return `One of the two records of ${what} is gone, among more deletions at once than ${mapping.name} lets pass: they wait for review.`
    case StatusReason.filtered:
      return `${what} lies outside the filter of ${mapping.name}: it would have to be that ${clauseOf(standing) ?? ''}.`
    case StatusReason.notCoupled:
      return carries(mapping.definition, passFrom(standing.subject.side))
        ? `${what} has no partner, and ${mapping.name} synchronizes coupled records only.`
        : `${what} has no partner, and ${mapping.name} carries nothing from its side.`
    case StatusReason.waitsFor:
      return `${what} refers to a record that is not coupled yet, and waits for it.`
    case StatusReason.mappingPaused:
      return `The mapping ${mapping.name} is paused.`
    case StatusReason.mappingStopped:
      return `The last run of ${mapping.name} was stopped: ${error?.message ?? 'a system could not be used.'}`
    case StatusReason.backOff:
      return `The last attempt failed (${error?.message ?? state?.reason ?? ''}); ${what} is tried again later.`
    case StatusReason.pendingNextRun:
      return `The next run of ${mapping.name} looks at ${what}.`
    case StatusReason.inSync:
      return live === null
        ? `${what} agreed with its partner when it was synchronized last, and no run has met a change since.`
        : `${what} and its partner agree.`
    default:
      return assertNever(reason)
  }
}

/** What the reason rests on, each a sentence. */
export function evidenceOf(standing: Standing): readonly string[] {
  const { mapping, connection, coupling, state, runs, live, error, notLooked, hasNewerHandled } = standing
  const told: string[] = []
  if (live === null) told.push('Judged by what is stored; nobody has looked at the systems for this answer.')
  else told.push(...lookEvidence(standing, live))
  if (notLooked !== null) told.push(`A look at the systems was not possible: ${notLooked}`)
  if (coupling === null) told.push('It is not coupled.')
  else if (coupling.lastSynchronizedAt)
    told.push(`Coupled; synchronized last at ${coupling.lastSynchronizedAt.toISOString()}.`)
  else told.push('Coupled; its first contact is still to come.')
  if (hasNewerHandled && live === null)
    told.push('A run has met a newer version and left it alone; ask with fresh: true to learn why.')
  if (state !== null) {
    const is = state.state === 'SKIPPED' ? 'Skipped' : 'Pending'
    told.push(`${is} since ${state.changedAt.toISOString()}: ${state.reason}, attempts: ${state.attempts}.`)
    if (state.dueAtRun > mapping.runCount + 1)
      told.push(`Not before run ${state.dueAtRun} of the mapping; the last was run ${mapping.runCount}.`)
  }
  if (error !== null) told.push(`${error.message} ${error.cause}`)
  if (connection.disabledAt)
    told.push(
      `Disabled since ${connection.disabledAt.toISOString()} by ${connection.disabledBy ?? 'someone'}.`,
    )
  if (connection.pausedAt)
    told.push(
      `The connection is paused since ${connection.pausedAt.toISOString()} by ${connection.pausedBy ?? 'someone'}.`,
    )
  if (mapping.pausedAt)
    told.push(
      `The mapping is paused since ${mapping.pausedAt.toISOString()} by ${mapping.pausedBy ?? 'someone'}.`,
    )
  if (runs?.runId && runs.finishedAt)
    told.push(
      `The last run of the mapping ended at ${new Date(runs.finishedAt).toISOString()}: ${runs.status ?? ''}.`,
    )
  return told
}

function lookEvidence(
  { subject, mapping }: Standing,
  live: NonNullable<Standing['live']>,
): readonly string[] {
  const told = [
    `Looked at just now: ${live.presence === 'FOUND' ? 'it is there' : (live.message ?? 'it is gone')}.`,
  ]
  if (live.partner !== null && !live.partner.found) told.push('Its partner is gone, or may not be read.')
  for (const side of [Side.local, Side.integration]) {
    const changed = live.changed?.[side] ?? []
    if (changed.length > 0)
      told.push(
        `Changed ${side === subject.side ? 'in it' : 'in its partner'} since both agreed: ${changed.join(', ')}.`,
      )
  }
  if (live.presence === 'FOUND' && live.clause === null)
    told.push(`It lies inside the filter of ${mapping.name}, as far as its side has one.`)
  return told
}

/** The clause of the filter that keeps the record out, in words. */
export function clauseOf({ clause, subject, tables }: Standing): string | null {
  if (clause === null) return null
  const fields = tables[subject.side]?.definition.fields ?? []
  return describeFilter(
    clause satisfies Filter,
    (name) => fields.find((f) => f.name === name)?.caption ?? name,
  )
}

/** Since when it is so; null: not known. */
export function sinceOf({ reason, state, mapping, connection, runs }: Standing): Date | null {
  switch (reason) {
    case StatusReason.connectionStopped:
      return connection.disabledAt ?? connection.pausedAt ?? null
    case StatusReason.mappingPaused:
      return mapping.pausedAt ?? null
    case StatusReason.mappingStopped:
      return runs?.finishedAt ? new Date(runs.finishedAt) : null
    case StatusReason.conflict:
    case StatusReason.skipped:
    case StatusReason.deletionReview:
    case StatusReason.waitsFor:
    case StatusReason.backOff:
    case StatusReason.pendingNextRun:
      return state?.changedAt ?? null
    default:
      return null
  }
}

/** When a run comes to it; null: none does by itself. */
export function untilOf(standing: Standing, now: number): Date | null {
  const { reason, state, mapping } = standing
  if (reason !== StatusReason.backOff && reason !== StatusReason.pendingNextRun) return null
  const runsLeft = Math.min(MOST_STARTS, Math.max(1, (state?.dueAtRun ?? 0) - mapping.runCount))
  let at = now
  for (let left = runsLeft; left > 0; left -= 1) at = nextStartOf(mapping, at)
  return new Date(at)
}

function nextStartOf(mapping: Mapping, after: number): number {
  const { schedule } = mapping.definition
  const offset = schedule.kind === 'interval' ? scheduleOffset(mapping.id, schedule.minutes * 60_000) : 0
  return nextStart(schedule, offset, after)
}

/** The partner's id; null: none, or its system has not told it. */
export function partnerIdOf({ coupling, subject }: Standing): string | null {
  if (coupling === null) return null
  return otherSide(subject.side) === Side.local ? coupling.localId : coupling.integrationId
}

/** The name that is known best. */
export function nameOf({ live, coupling, subject }: Standing): string | null {
  const stored = subject.side === Side.local ? coupling?.localName : coupling?.integrationName
  return live?.name ?? stored ?? subject.name
}

function recordText(standing: Standing): string {
  const caption = standing.tables[standing.subject.side]?.definition.caption ?? standing.subject.table
  return `${caption} ${nameOf(standing) ?? standing.subject.id}`
}
