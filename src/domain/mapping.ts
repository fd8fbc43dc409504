import type { Filter } from './filter.js'
import type { TransformationRule } from './transformation.js'
import { Side, type Value, type Values } from './value.js'

export const Direction = {
  bidirectional: 'BIDIRECTIONAL',
  toIntegrationTable: 'TO_INTEGRATION_TABLE',
  fromIntegrationTable: 'FROM_INTEGRATION_TABLE',
} as const
export type Direction = (typeof Direction)[keyof typeof Direction]

/** The direction of one pass: never both. */
export type PassDirection = Exclude<Direction, 'BIDIRECTIONAL'>

export const ConflictDetection = { timestamps: 'TIMESTAMPS', fields: 'FIELDS' } as const
export type ConflictDetection = (typeof ConflictDetection)[keyof typeof ConflictDetection]

/** `NONE` is Business Central's blank: the record is skipped until a person decides. */
export const UpdateConflictPolicy = {
  none: 'NONE',
  sendToIntegration: 'SEND_DATA_UPDATE_TO_INTEGRATION_TABLE',
  getFromIntegration: 'GET_DATA_UPDATE_FROM_INTEGRATION_TABLE',
  /** The side that was edited last, where the two clocks can tell (engine rule 5). */
  newestWins: 'NEWEST_WINS',
} as const
export type UpdateConflictPolicy = (typeof UpdateConflictPolicy)[keyof typeof UpdateConflictPolicy]

/** `NONE` is Business Central's blank: the pair is skipped until a person decides. */
export const DeletionConflictPolicy = {
  none: 'NONE',
  restoreRecords: 'RESTORE_RECORDS',
  deleteCoupling: 'DELETE_COUPLING',
  /** Never a record that was changed since the last synchronisation. */
  deleteOtherRecord: 'DELETE_OTHER_RECORD',
} as const
export type DeletionConflictPolicy = (typeof DeletionConflictPolicy)[keyof typeof DeletionConflictPolicy]

export const FieldStatus = { enabled: 'ENABLED', disabled: 'DISABLED' } as const
export type FieldStatus = (typeof FieldStatus)[keyof typeof FieldStatus]

/** One line of an option map: canonical values, null is blank. Each value stands at most once on its side. */
export interface OptionPair {
  readonly local: Value
  readonly integration: Value
}

/** Carries one field of the local table to one field of the integration table, the other way round, or both. */
export interface FieldMapping {
  /** Unique within the mapping: `<local field>:<integration field>`; a constant has nothing before or after the colon. Key of the base. */
  readonly name: string
  /** Null: {@link constant} is carried to the integration field. */
  readonly localField: string | null
  /** Null: {@link constant} is carried to the local field. */
  readonly integrationField: string | null
  /** Stands for the side whose field is null; such a field mapping is one-way, towards the other side. */
  readonly constant?: Value
  readonly direction: Direction
  /** A disabled field mapping is kept, and neither read nor carried. Left out: enabled. */
  readonly status?: FieldStatus
  /**
   * The ids of this lookup are translated through the couplings of the mappings named here, all of which pair the two tables
   * that the lookup refers to (a contact's parent account may be coupled as CUSTOMER or as VENDOR).
   */
  readonly lookupMappings?: readonly string[]
  /** Clear Value on Failed Sync: blank instead of a failure where the record referred to is not coupled. Excludes {@link notNull}. */
  readonly clearValueOnFailedSync?: boolean
  /** Not Null: a blank is not carried; the destination keeps what it holds. Lookups and GUIDs only. */
  readonly notNull?: boolean
  /** Applied in order to the value read, before anything else; per direction. */
  readonly transformTo?: readonly TransformationRule[]
  readonly transformFrom?: readonly TransformationRule[]
  /** Translates values one to one; a value that is not listed is a `validation` failure, blank not listed is blank. */
  readonly optionMap?: readonly OptionPair[]
  /** Whose change counts where both sides changed this field; overrides Resolve Update Conflicts. */
  readonly owner?: Side
  /** Cut what is too long for the destination, never within a surrogate pair. Left out: a `validation` failure. */
  readonly truncate?: boolean
  /** IANA name; required where a date is paired with a date-time. */
  readonly timeZone?: string
  /**
   * An amount in Business Central's local currency: carried only where the account's currency is the base currency, left
   * out otherwise (ADR 0006). Names the local lookup that holds the record's currency. To the integration table only.
   */
  readonly localCurrencyAmount?: { readonly currencyField: string }
}

/** A match rule: all pairs equal and none blank. Rules are tried by ascending priority, each on its own. */
export interface MatchRule {
  readonly priority: number
  readonly pairs: readonly { readonly localField: string; readonly integrationField: string }[]
  readonly caseSensitive: boolean
}

/**
 * Table Config Template: values given to a record that is created. Of the templates of a side the first by priority applies
 * whose filter the source record satisfies; mapped values that are not blank go before its values.
 */
export interface InsertTemplate {
  readonly name: string
  readonly priority: number
  /** Over the fields of the record it is created from; null: every record. */
  readonly filter: Filter | null
  /** By field of the table in which the record is created. */
  readonly values: Values
}

/** When scheduled runs start. */
export type Schedule =
  | { readonly kind: 'interval'; readonly minutes: number }
  /** Five fields, read in an IANA time zone. */
  | { readonly kind: 'cron'; readonly expression: string; readonly timeZone: string }

/** Pairs a local table with an integration table: what is carried, which way, and what happens when both changed. JSON-safe. */
export interface MappingDefinition {
  /** `CUSTOMER`; unique within a connection. */
  readonly name: string
  /** Table names: in the catalog, or as found in the systems' metadata. */
  readonly localTable: string
  readonly integrationTable: string
  readonly direction: Direction
  /** Synch. Only Coupled Records: when false, records without a partner are created on the other side. */
  readonly onlyCoupled: boolean
  readonly localFilter: Filter | null
  readonly integrationFilter: Filter | null
  readonly conflictDetection: ConflictDetection
  readonly updateConflictPolicy: UpdateConflictPolicy
  readonly deletionConflictPolicy: DeletionConflictPolicy
  /** More deletions at once than this share of the couplings, and than the minimum, wait for review (engine rule 7). */
  readonly deletionReview: { readonly percent: number; readonly minimum: number }
  readonly fields: readonly FieldMapping[]
  readonly matchRules: readonly MatchRule[]
  readonly templates: {
    readonly local: readonly InsertTemplate[]
    readonly integration: readonly InsertTemplate[]
  }
  /** Match-based coupling: Synch. After Match-Based Coupling, Create New in Case of No Match. */
  readonly coupling: { readonly synchronizeAfterwards: boolean; readonly createNew: boolean }
  readonly schedule: Schedule
  /** A run that finds nothing to do puts the mapping to sleep for so long; null: it never sleeps. */
  readonly inactivityTimeoutMinutes: number | null
  /** Not *Disable Event-driven Synch. Job Rescheduling*: a change hint wakes the mapping. */
  readonly wakeOnChange: boolean
  /** Hours between two searches for deleted records in tables that report no deletions; null: only when asked for. */
  readonly findDeletedHours: number | null
  /**
   * Updates in Dynamics 365 go by one message for many records, which carries no version: what is edited there between comparison and
   * write is overwritten unseen. One-way mappings only. Left out: each update is bound to the version that was compared.
   */
  readonly bulkUpdates?: boolean
  /** When all pairs are compared without anybody asking; null: only when asked for. */
  readonly reconcileSchedule: Schedule | null
  /** Mappings whose couplings this one refers to; they run first. */
  readonly dependsOn: readonly string[]
}

/** What a mapping is given where its author says nothing. */
export const MAPPING_DEFAULTS = {
  onlyCoupled: true,
  localFilter: null,
  integrationFilter: null,
  conflictDetection: 'TIMESTAMPS',
  updateConflictPolicy: 'NONE',
  deletionConflictPolicy: 'NONE',
  deletionReview: { percent: 5, minimum: 10 },
  matchRules: [],
  templates: { local: [], integration: [] },
  coupling: { synchronizeAfterwards: false, createNew: false },
  schedule: { kind: 'interval', minutes: 30 },
  inactivityTimeoutMinutes: 720,
  wakeOnChange: true,
  findDeletedHours: 24,
  reconcileSchedule: null,
  dependsOn: [],
} as const satisfies Partial<MappingDefinition>

export function directionsOf(direction: Direction): readonly PassDirection[] {
  return direction === 'BIDIRECTIONAL' ? ['TO_INTEGRATION_TABLE', 'FROM_INTEGRATION_TABLE'] : [direction]
}

/** Which direction carries from a side to the other. */
export function passFrom(side: Side): PassDirection {
  return side === Side.local ? 'TO_INTEGRATION_TABLE' : 'FROM_INTEGRATION_TABLE'
}

/** The side a pass reads from. */
export function sourceOf(pass: PassDirection): Side {
  return pass === 'TO_INTEGRATION_TABLE' ? Side.local : Side.integration
}

/** Whether a field mapping carries values in the direction of a pass. */
export function carries(field: Pick<FieldMapping, 'direction'>, pass: PassDirection): boolean {
  return field.direction === 'BIDIRECTIONAL' || field.direction === pass
}

/** Whether a field mapping carries values in the direction of a pass, within a mapping that may itself be one-way. */
export function mappingCarries(
  mapping: Pick<MappingDefinition, 'direction'>,
  field: FieldMapping,
  pass: PassDirection,
): boolean {
  return carries(mapping, pass) && carries(field, pass)
}

/** The field that a field mapping names on a side; null on the constant's side. */
export function fieldOn(field: FieldMapping, side: Side): string | null {
  return side === 'LOCAL' ? field.localField : field.integrationField
}

/** The value that a record's side of a field mapping has. Throws when it was not read: absent is never blank. */
export function mappedValue(field: FieldMapping, side: Side, values: Values): Value {
  const name = fieldOn(field, side)
  if (name === null) return field.constant ?? null
  const value = values[name]
  if (value === undefined) throw new Error(`Field ${name} was not read; absent is never blank.`)
  return value
}

/** What the engine works with: disabled field mappings are not there. */
export function enabledPart(definition: MappingDefinition): MappingDefinition {
  return { ...definition, fields: definition.fields.filter((field) => field.status !== 'DISABLED') }
}
