/** What kind of thing somebody has dealt with. */
export const AuditSubjectKind = {
  connection: 'CONNECTION',
  mapping: 'MAPPING',
  record: 'RECORD',
  run: 'RUN',
  errorGroup: 'ERROR_GROUP',
  user: 'USER',
  accessToken: 'ACCESS_TOKEN',
  alert: 'ALERT',
  alertRule: 'ALERT_RULE',
  alertChannel: 'ALERT_CHANNEL',
} as const
export type AuditSubjectKind = (typeof AuditSubjectKind)[keyof typeof AuditSubjectKind]

/** A thing that an action was about, as it was called then. */
export interface AuditSubject {
  readonly kind: AuditSubjectKind
  /** Of a record that of its coupling. Null: it has none, or there was none of that name. */
  readonly id: string | null
  readonly name: string
  /** Of a mapping, or of what belongs to one; null: it belongs to none. */
  readonly connection: string | null
}
