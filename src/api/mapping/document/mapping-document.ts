import {
  MAPPING_DEFAULTS,
  type ConflictDetection,
  type DeletionConflictPolicy,
  type Direction,
  type FieldMapping,
  type FieldStatus,
  type InsertTemplate,
  type MappingDefinition,
  type MatchRule,
  type OptionPair,
  type Schedule,
  type UpdateConflictPolicy,
} from '../../../domain/mapping.js'
import type { TransformationRule } from '../../../domain/transformation.js'
import type { Side, Value, Values } from '../../../domain/value.js'
import { toFilterDocument, type FilterDocument } from './filter-document.js'

/**
 * A mapping as mapping files hold it and as clients compare it: every setting under the name that the API gives it, in one
 * order, with its default where the author said nothing. Two definitions mean the same when their documents are equal.
 */
export interface MappingDocument {
  readonly name: string
  readonly localTable: string
  readonly integrationTable: string
  readonly direction: Direction
  readonly synchOnlyCoupledRecords: boolean
  readonly localFilter: FilterDocument | null
  readonly integrationFilter: FilterDocument | null
  readonly conflictDetection: ConflictDetection
  readonly updateConflictPolicy: UpdateConflictPolicy
  readonly deletionConflictPolicy: DeletionConflictPolicy
  readonly deletionReview: { readonly percent: number; readonly minimum: number }
  readonly fields: readonly FieldDocument[]
  readonly matchRules: readonly MatchRule[]
  readonly templates: {
    readonly local: readonly TemplateDocument[]
    readonly integration: readonly TemplateDocument[]
  }
  readonly matchBasedCoupling: { readonly synchronizeAfterwards: boolean; readonly createNew: boolean }
  readonly schedule: ScheduleDocument
  readonly inactivityTimeoutMinutes: number | null
  readonly wakeOnChange: boolean
  readonly findDeletedHours: number | null
  readonly bulkUpdates: boolean
  readonly reconcileSchedule: ScheduleDocument | null
  readonly dependsOn: readonly string[]
}

export interface FieldDocument {
  readonly localField: string | null
  readonly integrationField: string | null
  readonly constant: Value
  readonly direction: Direction
  readonly status: FieldStatus
  readonly lookupMappings: readonly string[]
  readonly clearValueOnFailedSync: boolean
  readonly notNull: boolean
  readonly transformTo: readonly TransformationRule[]
  readonly transformFrom: readonly TransformationRule[]
  readonly optionMap: readonly OptionPair[] | null
  readonly owner: Side | null
  readonly truncate: boolean
  readonly timeZone: string | null
  readonly localCurrencyAmount: { readonly currencyField: string } | null
}

export interface TemplateDocument {
  readonly name: string
  readonly priority: number
  readonly filter: FilterDocument | null
  readonly values: Values
}

export type ScheduleDocument =
  { readonly everyMinutes: number } | { readonly cron: string; readonly timeZone: string }

export function toDocument(definition: MappingDefinition): MappingDocument {
  return {
    name: definition.name,
    localTable: definition.localTable,
    integrationTable: definition.integrationTable,
    direction: definition.direction,
    synchOnlyCoupledRecords: definition.onlyCoupled,
    localFilter: definition.localFilter && toFilterDocument(definition.localFilter),
    integrationFilter: definition.integrationFilter && toFilterDocument(definition.integrationFilter),
    conflictDetection: definition.conflictDetection,
    updateConflictPolicy: definition.updateConflictPolicy,
    deletionConflictPolicy: definition.deletionConflictPolicy,
    deletionReview: {
      percent: definition.deletionReview.percent,
      minimum: definition.deletionReview.minimum,
    },
    fields: definition.fields.map(toFieldDocument),
    matchRules: definition.matchRules.map((rule) => ({
      priority: rule.priority,
      caseSensitive: rule.caseSensitive,
      pairs: rule.pairs.map(({ localField, integrationField }) => ({ localField, integrationField })),
    })),
    templates: {
      local: definition.templates.local.map(toTemplateDocument),
      integration: definition.templates.integration.map(toTemplateDocument),
    },
    matchBasedCoupling: {
      synchronizeAfterwards: definition.coupling.synchronizeAfterwards,
      createNew: definition.coupling.createNew,
    },
    schedule: toScheduleDocument(definition.schedule),
    inactivityTimeoutMinutes: definition.inactivityTimeoutMinutes,
    wakeOnChange: definition.wakeOnChange,
    findDeletedHours: definition.findDeletedHours,
    bulkUpdates: definition.bulkUpdates === true,
    reconcileSchedule: definition.reconcileSchedule && toScheduleDocument(definition.reconcileSchedule),
    dependsOn: [...definition.dependsOn],
  } satisfies Record<
    | Exclude<keyof MappingDefinition, 'onlyCoupled' | 'coupling'>
    | 'synchOnlyCoupledRecords'
    | 'matchBasedCoupling',
    unknown
  >
}

export function toFieldDocument(field: FieldMapping): FieldDocument {
  return {
    localField: field.localField,
    integrationField: field.integrationField,
    constant: field.constant ?? null,
    direction: field.direction,
    status: field.status ?? 'ENABLED',
    lookupMappings: [...(field.lookupMappings ?? [])],
    clearValueOnFailedSync: field.clearValueOnFailedSync ?? false,
    notNull: field.notNull ?? false,
    transformTo: [...(field.transformTo ?? [])],
    transformFrom: [...(field.transformFrom ?? [])],
    optionMap: field.optionMap?.map(({ local, integration }) => ({ local, integration })) ?? null,
    owner: field.owner ?? null,
    truncate: field.truncate ?? false,
    timeZone: field.timeZone ?? null,
    localCurrencyAmount: field.localCurrencyAmount ?? null,
  } satisfies Record<Exclude<keyof FieldMapping, 'name'>, unknown>
}

function toTemplateDocument(template: InsertTemplate): TemplateDocument {
  return {
    name: template.name,
    priority: template.priority,
    filter: template.filter && toFilterDocument(template.filter),
    values: template.values,
  }
}

function toScheduleDocument(schedule: Schedule): ScheduleDocument {
  return schedule.kind === 'interval'
    ? { everyMinutes: schedule.minutes }
    : { cron: schedule.expression, timeZone: schedule.timeZone }
}

/** What a document is given where its author says nothing, under the names of documents. */
export const DOCUMENT_DEFAULTS = {
  synchOnlyCoupledRecords: MAPPING_DEFAULTS.onlyCoupled,
  localFilter: MAPPING_DEFAULTS.localFilter,
  integrationFilter: MAPPING_DEFAULTS.integrationFilter,
  conflictDetection: MAPPING_DEFAULTS.conflictDetection,
  updateConflictPolicy: MAPPING_DEFAULTS.updateConflictPolicy,
  deletionConflictPolicy: MAPPING_DEFAULTS.deletionConflictPolicy,
  deletionReview: MAPPING_DEFAULTS.deletionReview,
  matchRules: MAPPING_DEFAULTS.matchRules,
  templates: MAPPING_DEFAULTS.templates,
  matchBasedCoupling: MAPPING_DEFAULTS.coupling,
  schedule: toScheduleDocument(MAPPING_DEFAULTS.schedule),
  inactivityTimeoutMinutes: MAPPING_DEFAULTS.inactivityTimeoutMinutes,
  wakeOnChange: MAPPING_DEFAULTS.wakeOnChange,
  findDeletedHours: MAPPING_DEFAULTS.findDeletedHours,
  bulkUpdates: false,
  reconcileSchedule: MAPPING_DEFAULTS.reconcileSchedule,
  dependsOn: MAPPING_DEFAULTS.dependsOn,
} as const

/** The name of the field mapping that pairs these two; a constant has nothing on its side of the colon. */
export function fieldName(ends: {
  readonly localField: string | null
  readonly integrationField: string | null
}): string {
  return `${ends.localField ?? ''}:${ends.integrationField ?? ''}`
}
