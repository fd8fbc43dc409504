import { registerEnumType } from 'type-graphql'
import { SynchronizedBy } from '../domain/coupling.js'
import { IgnoredReason } from '../domain/decision.js'
import { ErrorClass, ResolvableBy } from '../domain/failure.js'
import { ConflictDetection, Direction, UpdateConflictPolicy } from '../domain/mapping.js'
import { RecordResultOutcome, RunKind, RunMode, RunStatus } from '../domain/run.js'
import { SystemKind } from '../domain/schema.js'
import { Side } from '../domain/value.js'

type Members<Values extends string> = { readonly [Value in Values]: Value }

/** A closed set as type-graphql wants it: named by its values, since those are the names in the schema. */
export function graphqlEnum<Values extends string>(
  name: string,
  values: Readonly<Record<string, Values>>,
  description: string,
  descriptions?: Readonly<Record<Values, string>>,
): Members<Values> {
  const members = Object.fromEntries(
    Object.values(values).map((value) => [value, value]),
  ) as unknown as Members<Values>
  const texts: Readonly<Record<string, string>> = descriptions ?? {}
  const valuesConfig: Record<string, { description: string }> = Object.fromEntries(
    Object.entries(texts).map(([value, text]) => [value, { description: text }]),
  )
  registerEnumType<Record<string, string>>(members, { name, description, valuesConfig })
  return members
}

export const DirectionEnum = graphqlEnum(
  'Direction',
  Direction,
  'Which way a mapping or a field is carried.',
  {
    BIDIRECTIONAL: 'Both ways.',
    TO_INTEGRATION_TABLE: 'From the local system to the integration table.',
    FROM_INTEGRATION_TABLE: 'From the integration table to the local system.',
  },
)

export const PassDirectionEnum = graphqlEnum(
  'PassDirection',
  { to: Direction.toIntegrationTable, from: Direction.fromIntegrationTable },
  'The direction of one pass: never both.',
  {
    TO_INTEGRATION_TABLE: 'Reads the local system, writes the integration table.',
    FROM_INTEGRATION_TABLE: 'Reads the integration table, writes the local system.',
  },
)

export const ConflictDetectionEnum = graphqlEnum(
  'ConflictDetection',
  ConflictDetection,
  'When two edits count as an update conflict.',
  {
    TIMESTAMPS:
      'Both records were changed since they were last synchronized, as Business Central documents it.',
    FIELDS: 'The same field was changed on both sides to different values; everything else is merged.',
  },
)

export const UpdateConflictPolicyEnum = graphqlEnum(
  'UpdateConflictPolicy',
  UpdateConflictPolicy,
  'Resolve Update Conflicts: what happens when both records were changed.',
  {
    NONE: "Business Central's blank: the record is skipped until a person chooses which changes to keep.",
    SEND_DATA_UPDATE_TO_INTEGRATION_TABLE: "The local record's values win.",
    GET_DATA_UPDATE_FROM_INTEGRATION_TABLE: "The integration table's values win.",
    NEWEST_WINS:
      'The side that was edited last wins, where the clocks of both systems can tell; else as NONE.',
  },
)

export const RunKindEnum = graphqlEnum('RunKind', RunKind, 'What started a run, and over what.', {
  SCHEDULED: 'The schedule of the mapping.',
  MANUAL: 'A person or program asked for the mapping.',
  RECORDS: 'A person or program asked for chosen records.',
  PLAN: 'Writes nothing, and lists what a run would do.',
})

export const RunModeEnum = graphqlEnum('RunMode', RunMode, 'How much of a mapping a run looks at.', {
  MODIFIED: 'What was changed since the watermarks.',
  FULL: 'Every record, judged as usual.',
  UNCONDITIONAL:
    'Every record, modification stamps ignored: a one-way mapping writes every difference, a bidirectional one is judged by the values last agreed.',
  COUPLE: 'Match-based coupling of the records that are not coupled yet; coupled records are left alone.',
})

export const RunStatusEnum = graphqlEnum('RunStatus', RunStatus, 'Where a run or a job stands.', {
  QUEUED: 'Waits for the run under way over the same mapping.',
  RUNNING: 'At work.',
  COMPLETED: 'Ended. Single records may have failed or been skipped.',
  FAILED: 'Stopped early by a failure of a system; the message says which.',
  CANCELLED: 'Stopped by a person. Nothing is lost: the rest is done by the next run.',
})

export const RecordResultOutcomeEnum = graphqlEnum(
  'RecordResultOutcome',
  RecordResultOutcome,
  'What a run over chosen records did with one of them.',
  {
    APPLIED: 'Written.',
    UNCHANGED: 'Both sides agreed already; nothing was written.',
    COUPLED: 'Coupled; the next run compares the two records.',
    CHANGED_SINCE: 'The record is not as it was when it was looked at; nothing was written.',
    DESTINATION_CHANGED: 'The write would have lost an edit of the destination; nothing was written.',
    FAILED: 'Not written; the message says why.',
  },
)

export const IgnoredReasonEnum = graphqlEnum(
  'IgnoredReason',
  IgnoredReason,
  'Why a record was left out of a job.',
  {
    DELETED_AT_SOURCE: 'Deleted at the source and never coupled.',
    OUT_OF_FILTER: 'Outside the filter of its table.',
    NOT_COUPLED: 'Not coupled, and the mapping synchronizes coupled records only.',
    COUPLED_ELSEWHERE:
      'Another mapping of the connection has coupled it. A record has one partner, so two mappings must not take part in the same records.',
    ALREADY_COUPLED: 'Coupled already; match-based coupling leaves it alone.',
    DELETION_REVIEW:
      'One of too many deletions at once: it waits until the deletions are allowed or rejected.',
    CHANGED_SINCE_PLAN: 'A plan was carried out, and the record was no longer as it was planned.',
    BUSY: 'Another run or person is at work on it; it is tried again.',
  },
)

export const ErrorClassEnum = graphqlEnum('ErrorClass', ErrorClass, 'The closed classes of failures.', {
  CONFLICT: 'Both records were changed, and the mapping does not say which one wins.',
  DELETED_RECORD: 'One of two coupled records was deleted.',
  DEPENDENCY_MISSING: 'It refers to a record that is not coupled yet; tried again at once when it is.',
  VALIDATION: 'The destination does not accept a value.',
  DUPLICATE: 'The destination already holds such a record.',
  PERMISSION: 'The integration user may not do it.',
  SETUP: 'The connection or the mapping is not set up correctly.',
  THROTTLED: 'A system asked us to slow down, for too long.',
  UNAVAILABLE: 'A system could not be reached.',
  AMBIGUOUS_MATCH: 'Several records match; none is coupled and none created.',
  UNEXPECTED: 'None of the other classes.',
})

export const ResolvableByEnum = graphqlEnum('ResolvableBy', ResolvableBy, 'Who can put an error right.', {
  USER: 'Someone who works with the records.',
  ADMINISTRATOR: 'Someone who looks after the systems.',
})

export const SideEnum = graphqlEnum('Side', Side, 'The two sides of a connection.', {
  LOCAL: 'The local system: Business Central, where it is one of the two.',
  INTEGRATION: 'The system of the integration table.',
})

export const SystemKindEnum = graphqlEnum('SystemKind', SystemKind, 'The kinds of systems.', {
  BUSINESS_CENTRAL: 'Dynamics 365 Business Central, one company.',
  DATAVERSE: 'Dynamics 365 Sales: one Dataverse organisation.',
  POSTGRESQL: 'A PostgreSQL database: one schema of it.',
  ODATA: 'Any service that speaks OData version 4.',
})

export const SynchronizedByEnum = graphqlEnum(
  'SynchronizedBy',
  SynchronizedBy,
  'Who synchronized a coupling last.',
  {
    JOB: 'A run over the mapping.',
    MANUAL: 'A person, who chose the record.',
  },
)
