import type { Examination, ExaminationInput } from '../domain/examination.js'
import type { Failure } from '../domain/failure.js'
import { assertNever, type Side } from '../domain/value.js'

/** The public names of workflows, signals and queries. Changing one needs an ADR and a replay test. */
export const RUN_MAPPING = 'runMapping'

/** Asks a run to stop after the page at hand. */
export const CANCEL_SIGNAL = 'cancelSynchRun'

/** Asks a run to wait after the page at hand, and to go on. */
export const PAUSE_SIGNAL = 'pauseSynchRun'
export const RESUME_SIGNAL = 'resumeSynchRun'

/** The workflow of a full synchronisation. */
export const FULL_SYNCH = 'fullSynch'

export interface FullSynchWorkflowInput {
  readonly fullSynchId: string
  readonly phase: 'REVIEW' | 'CARRY_OUT'
}

/** The public name of a full synchronisation's workflow. Changing it needs an ADR and a replay test. */
export function fullSynchWorkflowIdOf(input: FullSynchWorkflowInput): string {
  return `full-synch/${input.fullSynchId}/${input.phase}`
}

/** The workflow of an action over many errors. */
export const BULK_ACTION = 'bulkAction'

export interface BulkActionWorkflowInput {
  readonly actionId: string
}

/** The workflow of a reconciliation. */
export const RECONCILE_MAPPING = 'reconcileMapping'

/** Tells a reconciliation that it may go on, or has been called off; which of the two its row says. */
export const WAKE_RECONCILIATION_SIGNAL = 'wakeReconciliation'

/** `reconciliationId`: one that was asked for. `mappingId`: the schedule of that mapping is due. */
export interface ReconcileMappingInput {
  readonly reconciliationId: string | null
  readonly mappingId: string | null
}

/** Reads the metadata of a connection's system. */
export const DESCRIBE_TABLES = 'describeTables'

/** `table` null: the names of all tables. */
export interface DescribeTablesInput {
  readonly connectionId: string
  readonly side: Side
  readonly table: string | null
}

/** What was read lies in the database; `failure`: why it could not be read. */
export interface DescribeTablesResult {
  readonly failure: Failure | null
}

/** The public name of such a reading: asked for twice at once it is one. Changing it needs an ADR and a replay test. */
export function describeTablesWorkflowIdOf(input: DescribeTablesInput): string {
  return `describe-tables/${input.connectionId}/${input.side}/${input.table ?? ''}`
}

/** Checks a connection. */
export const CHECK_CONNECTION = 'checkConnection'

export interface CheckConnectionWorkflowInput {
  readonly connectionId: string
  readonly requestedBy: string
}

/** Exactly one of the two. What was found lies in the database; `failure`: why there was no check. */
export interface CheckConnectionResult {
  readonly checkId: string | null
  readonly failure: Failure | null
}

/** The public name of a check: asked for twice at once it is one. Changing it needs an ADR and a replay test. */
export function checkConnectionWorkflowIdOf(connectionId: string): string {
  return `check-connection/${connectionId}`
}

/** Reads records that a person looks at before he couples them. */
export const EXAMINE_RECORDS = 'examineRecords'

export type ExamineRecordsInput = ExaminationInput

/** Exactly one of the two; `failure`: why a system could not be read. */
export interface ExamineRecordsResult {
  readonly examination: Examination | null
  readonly failure: Failure | null
}

/** The public name of such a look: two at once are one. Changing it needs an ADR and a replay test. */
export function examineRecordsWorkflowIdOf(input: ExamineRecordsInput): string {
  switch (input.kind) {
    case 'pair':
      return `examine-records/${input.mappingId}/${input.localId}/${input.integrationId}${input.who === true ? '/who' : ''}`
    case 'candidates':
      return `examine-records/${input.mappingId}/${input.side}/${input.id}`
    case 'record':
      return `examine-records/${input.mappingId}/${input.side}/${input.id}/standing`
    case 'search':
      return `examine-records/${input.mappingId}/${input.side}/search/${encodeURIComponent(input.text)}`
    default:
      return assertNever(input)
  }
}

/** Runs recorded changes through a mapping that is not in force. */
export const REHEARSE_MAPPING = 'rehearseMapping'

export interface RehearseInput {
  readonly rehearsalId: string
}

/** The report lies in the database; `failure`: why there is none. */
export interface RehearseResult {
  readonly failure: Failure | null
}

/** The public name of a rehearsal's workflow. Changing it needs an ADR and a replay test. */
export function rehearsalWorkflowIdOf(rehearsalId: string): string {
  return `rehearsal/${rehearsalId}`
}

/** `runId`: a run that was asked for. `mappingId`: the schedule of that mapping is due. */
export interface RunMappingInput {
  readonly runId: string | null
  readonly mappingId: string | null
  /** Set when a long run goes on in a new execution: where it stands. */
  readonly resume?: RunMappingProgress
}

/** JSON-safe: it crosses continue-as-new. */
export interface RunMappingProgress {
  /** Index of the pass under way. */
  readonly pass: number
  readonly jobId: string
  /** The next page to process. */
  readonly page: number
  /** The pass is at its last part: deletions. */
  readonly deletions?: boolean
}
