import type { Filter } from './filter.js'
import type { Values } from './value.js'

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
} as const
export type UpdateConflictPolicy = (typeof UpdateConflictPolicy)[keyof typeof UpdateConflictPolicy]

/** Carries one field of the local table to one field of the integration table, the other way round, or both. */
export interface FieldMapping {
  /** Unique within the mapping: `<local field>:<integration field>`. Key of the base. */
  readonly name: string
  readonly localField: string
  readonly integrationField: string
  readonly direction: Direction
  /** The ids of this lookup are translated through the couplings of the mapping named here. */
  readonly lookupMapping?: string
  /**
   * An amount in Business Central's local currency: carried only where the account's currency is the base currency, left
   * out otherwise (ADR 0006). Names the local lookup that holds the record's currency.
   */
  readonly localCurrencyAmount?: { readonly currencyField: string }
}

/** A match rule: all pairs equal and none blank. Rules are tried by ascending priority, each on its own. */
export interface MatchRule {
  readonly priority: number
  readonly pairs: readonly { readonly localField: string; readonly integrationField: string }[]
  readonly caseSensitive: boolean
}

/** Pairs a local table with an integration table: what is carried, which way, and what happens when both changed. */
export interface MappingDefinition {
  /** `CUSTOMER`; unique within a connection. */
  readonly name: string
  /** Table names in the catalog. */
  readonly localTable: string
  readonly integrationTable: string
  readonly direction: Direction
  /** Synch. Only Coupled Records: when false, records without a partner are created on the other side. */
  readonly onlyCoupled: boolean
  readonly localFilter: Filter | null
  readonly integrationFilter: Filter | null
  readonly conflictDetection: ConflictDetection
  readonly updateConflictPolicy: UpdateConflictPolicy
  readonly fields: readonly FieldMapping[]
  readonly matchRules: readonly MatchRule[]
  /** Values given to a record that is created, besides the mapped ones (Business Central's configuration templates). */
  readonly insertValues: { readonly local: Values; readonly integration: Values }
  /** Mappings whose couplings this one refers to; they run first. */
  readonly dependsOn: readonly string[]
}

export function directionsOf(direction: Direction): readonly PassDirection[] {
  return direction === 'BIDIRECTIONAL' ? ['TO_INTEGRATION_TABLE', 'FROM_INTEGRATION_TABLE'] : [direction]
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
