/** What a mapping may do about conflicts, as the API names it, in the order in which it is offered. */
export const UPDATE_POLICIES = [
  'NONE',
  'SEND_DATA_UPDATE_TO_INTEGRATION_TABLE',
  'GET_DATA_UPDATE_FROM_INTEGRATION_TABLE',
  'NEWEST_WINS',
] as const
export type UpdatePolicy = (typeof UPDATE_POLICIES)[number]

export const DELETION_POLICIES = [
  'NONE',
  'RESTORE_RECORDS',
  'DELETE_COUPLING',
  'DELETE_OTHER_RECORD',
] as const

export const DETECTIONS = ['TIMESTAMPS', 'FIELDS'] as const

export const DIRECTIONS = ['BIDIRECTIONAL', 'TO_INTEGRATION_TABLE', 'FROM_INTEGRATION_TABLE'] as const
