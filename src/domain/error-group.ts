/** Where a group of errors stands. What is snoozed comes back by itself when its time is over. */
export const ErrorGroupState = {
  open: 'OPEN',
  assigned: 'ASSIGNED',
  snoozed: 'SNOOZED',
  resolved: 'RESOLVED',
} as const
export type ErrorGroupState = (typeof ErrorGroupState)[keyof typeof ErrorGroupState]

/** What happened to a group; its history is a list of these. */
export const ErrorGroupEventKind = {
  assigned: 'ASSIGNED',
  unassigned: 'UNASSIGNED',
  snoozed: 'SNOOZED',
  woken: 'WOKEN',
  resolved: 'RESOLVED',
  reopened: 'REOPENED',
  noted: 'NOTED',
  tagged: 'TAGGED',
} as const
export type ErrorGroupEventKind = (typeof ErrorGroupEventKind)[keyof typeof ErrorGroupEventKind]

/** The actor of what no person did: a later success resolves, a new occurrence reopens. */
export const BY_ITSELF = 'Accord'

/** What decides on the state of a group. */
export interface ErrorGroupStanding {
  readonly resolvedAt?: Date | null
  readonly snoozedUntil?: Date | null
  readonly assignee?: string | null
}

/** The state at `now`, epoch milliseconds: resolved before snoozed before assigned. */
export function stateOfGroup(group: ErrorGroupStanding, now: number): ErrorGroupState {
  if (group.resolvedAt) return ErrorGroupState.resolved
  if (group.snoozedUntil && group.snoozedUntil.getTime() > now) return ErrorGroupState.snoozed
  return group.assignee ? ErrorGroupState.assigned : ErrorGroupState.open
}
