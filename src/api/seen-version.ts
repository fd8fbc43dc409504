import { apiError, ErrorCode } from './errors.js'

/** Describes the argument `version` of whatever changes something. */
export const SEEN_VERSION =
  'The version that was looked at. CONFLICTING_STATE, with `changedSince`, where it is another one by now; nothing is changed then. Left out: whatever it is.'

/** What stands under a version: its name, and who made it when, where that is known. */
export interface Versioned {
  readonly name: string
  readonly version: number
  readonly changedBy?: string | null
  readonly changedAt?: Date | null
}

/** Throws CONFLICTING_STATE where somebody has changed it since it was looked at; `seen` null: whatever it is. */
export function assertSeenVersion(what: Versioned, seen: number | null | undefined): void {
  const { name, version, changedBy, changedAt } = what
  if (seen === null || seen === undefined || seen === version) return
  const who = changedBy ?? 'somebody'
  const when = changedAt ? `, at ${changedAt.toISOString()}` : ''
  throw apiError(
    ErrorCode.conflictingState,
    `You have seen version ${seen} of ${name}; ${who} has made it version ${version} since${when}. Nothing was changed now; look at it again.`,
    changedSince(what),
  )
}

/** The extensions of a refusal since something is at another version than was looked at: one shape, whatever it is. */
export function changedSince({
  version,
  changedBy,
  changedAt,
}: Omit<Versioned, 'name'>): Readonly<Record<string, unknown>> {
  return {
    version,
    changedSince: { version, by: changedBy ?? null, at: changedAt?.toISOString() ?? null },
  }
}
