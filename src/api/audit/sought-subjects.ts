import { AuditSubjectKind } from '../../domain/audit-subject.js'
import { SubjectSource } from '../../persistence/audit-subjects.js'

/** What an action is about, as far as its arguments say. */
export interface SoughtSubjects {
  readonly ids: readonly { readonly source: SubjectSource; readonly ids: readonly string[] }[]
  /** Mappings and connections go by name. */
  readonly mapping: { readonly name: string; readonly connection: string | null } | null
  readonly connection: string | null
  /** What is about to be made. */
  readonly made: { readonly kind: AuditSubjectKind; readonly name: string } | null
}

type Arguments = Readonly<Record<string, unknown>>

/** Where an argument `id` or `ids` leads to. */
const BY_ID: Readonly<Record<string, SubjectSource>> = {
  acknowledgeAlert: SubjectSource.alert,
  allowDeletions: SubjectSource.deletionReview,
  applyPlan: SubjectSource.plan,
  cancelFullSynch: SubjectSource.fullSynch,
  cancelReconciliation: SubjectSource.reconciliation,
  cancelSynchRun: SubjectSource.run,
  deleteAlertChannel: SubjectSource.alertChannel,
  deleteAlertRule: SubjectSource.alertRule,
  deleteCouplings: SubjectSource.coupling,
  deleteRecords: SubjectSource.recordState,
  disableUser: SubjectSource.user,
  enableUser: SubjectSource.user,
  noteErrorGroup: SubjectSource.errorGroup,
  pauseFullSynch: SubjectSource.fullSynch,
  pauseReconciliation: SubjectSource.reconciliation,
  pauseSynchRun: SubjectSource.run,
  rejectDeletions: SubjectSource.deletionReview,
  repairCouplings: SubjectSource.coupling,
  repairReconciliation: SubjectSource.reconciliation,
  resolveSkippedSynchRecords: SubjectSource.recordState,
  restoreRecords: SubjectSource.recordState,
  resumeFullSynch: SubjectSource.fullSynch,
  resumeReconciliation: SubjectSource.reconciliation,
  resumeSynchRun: SubjectSource.run,
  retrySkippedSynchRecords: SubjectSource.recordState,
  retrySynchRun: SubjectSource.run,
  revokeAccessToken: SubjectSource.accessToken,
  setUserRole: SubjectSource.user,
  settleSkippedSynchRecords: SubjectSource.recordState,
  startFullSynch: SubjectSource.fullSynch,
  testAlertChannel: SubjectSource.alertChannel,
  undoWrites: SubjectSource.write,
  updateAlertChannel: SubjectSource.alertChannel,
  updateAlertRule: SubjectSource.alertRule,
}

/** Arguments whose name alone says where they lead to. */
const BY_ARGUMENT: Readonly<Record<string, SubjectSource>> = {
  choices: SubjectSource.recordState,
  connectionId: SubjectSource.connection,
  couplingId: SubjectSource.coupling,
  couplingIds: SubjectSource.coupling,
  groups: SubjectSource.errorGroup,
  rehearsalId: SubjectSource.rehearsal,
  runId: SubjectSource.run,
  skippedSynchRecordId: SubjectSource.recordState,
}

/** Actions whose `name` is that of a connection; elsewhere it is that of a mapping. */
const NAME_IS_CONNECTION: ReadonlySet<string> = new Set([
  'deleteConnection',
  'disableConnection',
  'enableConnection',
  'pauseConnection',
  'resumeConnection',
  'updateConnection',
])

const MADE: Readonly<Record<string, AuditSubjectKind>> = {
  createAccessToken: AuditSubjectKind.accessToken,
  createAlertChannel: AuditSubjectKind.alertChannel,
  createAlertRule: AuditSubjectKind.alertRule,
  createConnection: AuditSubjectKind.connection,
  createIntegrationTableMapping: AuditSubjectKind.mapping,
}

/** Reads from the arguments of a mutation what it is about. */
export function soughtSubjects(action: string, given: unknown): SoughtSubjects {
  const all: Arguments = isObject(given) ? given : {}
  const own = BY_ID[action]
  const ids = Object.entries(all).flatMap(([argument, value]) => {
    const source = argument === 'id' || argument === 'ids' ? own : BY_ARGUMENT[argument]
    return source === undefined ? [] : [{ source, ids: idsOf(value) }]
  })
  const name = text(all['mapping']) ?? text(all['name'])
  const connection = text(all['connection'])
  const isConnection = NAME_IS_CONNECTION.has(action)
  const made = MADE[action]
  const madeName = isObject(all['input']) ? text(all['input']['name']) : null
  return {
    ids,
    mapping: name === null || isConnection ? null : { name, connection },
    connection: isConnection ? text(all['name']) : name === null && ids.length === 0 ? connection : null,
    made: made === undefined || madeName === null ? null : { kind: made, name: madeName },
  }
}

/** Ids as they stand there: one, a list, or a list of things with one each. */
function idsOf(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  return items.flatMap((item) => text(isObject(item) ? item['id'] : item) ?? [])
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function isObject(value: unknown): value is Arguments {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
