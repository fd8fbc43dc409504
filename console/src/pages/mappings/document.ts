import type {
  ConflictDetection,
  DeletionConflictPolicy,
  Direction,
  FilterComparison,
  IntegrationFieldMappingStatus,
  MappingFilterInput,
  Side,
  UpdateConflictPolicy,
  UpdateIntegrationTableMappingInput,
} from './generated/graphql.js'

/** A value of a field as documents hold it: numbers are text. */
export type DocumentValue = string | boolean | null

export interface Condition {
  readonly field: string
  readonly comparison: ComparisonSign
  readonly value?: DocumentValue
  readonly values?: readonly DocumentValue[]
}
export type FilterDocument =
  Condition | { readonly and: readonly FilterDocument[] } | { readonly or: readonly FilterDocument[] }

/** A transformation rule: its type, and its settings by name. */
export type RuleDocument = Readonly<Record<string, unknown>> & { readonly type: string }

export interface FieldDocument {
  readonly localField: string | null
  readonly integrationField: string | null
  readonly constant: DocumentValue
  readonly direction: Direction
  readonly status: IntegrationFieldMappingStatus
  readonly lookupMappings: readonly string[]
  readonly clearValueOnFailedSync: boolean
  readonly notNull: boolean
  readonly transformTo: readonly RuleDocument[]
  readonly transformFrom: readonly RuleDocument[]
  readonly optionMap: readonly { readonly local: DocumentValue; readonly integration: DocumentValue }[] | null
  readonly owner: Side | null
  readonly truncate: boolean
  readonly timeZone: string | null
  readonly localCurrencyAmount: { readonly currencyField: string } | null
}

/** A field mapping of which nothing was said yet. */
export const EMPTY_FIELD: Omit<FieldDocument, 'direction'> = {
  localField: null,
  integrationField: null,
  constant: null,
  status: 'ENABLED',
  lookupMappings: [],
  clearValueOnFailedSync: false,
  notNull: false,
  transformTo: [],
  transformFrom: [],
  optionMap: null,
  owner: null,
  truncate: false,
  timeZone: null,
  localCurrencyAmount: null,
}

export interface ScheduleDocument {
  readonly everyMinutes?: number
  readonly cron?: string
  readonly timeZone?: string
}

/** A mapping as the API's `document` shows it: every setting, in one order. */
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
  readonly matchRules: readonly {
    readonly priority: number
    readonly caseSensitive: boolean
    readonly pairs: readonly { readonly localField: string; readonly integrationField: string }[]
  }[]
  readonly templates: Readonly<
    Record<
      'local' | 'integration',
      readonly {
        readonly name: string
        readonly priority: number
        readonly filter: FilterDocument | null
        readonly values: Readonly<Record<string, unknown>>
      }[]
    >
  >
  readonly matchBasedCoupling: { readonly synchronizeAfterwards: boolean; readonly createNew: boolean }
  readonly schedule: ScheduleDocument
  readonly inactivityTimeoutMinutes: number | null
  readonly wakeOnChange: boolean
  readonly findDeletedHours: number | null
  readonly bulkUpdates: boolean
  readonly reconcileSchedule: ScheduleDocument | null
  readonly dependsOn: readonly string[]
}

/** Comparisons by the sign that documents have for them. */
export const COMPARISONS = {
  '=': 'EQUAL',
  '<>': 'NOT_EQUAL',
  '<': 'LESS',
  '<=': 'LESS_OR_EQUAL',
  '>': 'GREATER',
  '>=': 'GREATER_OR_EQUAL',
  in: 'IN',
  blank: 'BLANK',
  beginsWith: 'BEGINS_WITH',
  contains: 'CONTAINS',
} as const satisfies Readonly<Record<string, FilterComparison>>
export type ComparisonSign = keyof typeof COMPARISONS

/** Local field, colon, integration field: what the API calls a field mapping. */
export function fieldName(field: Pick<FieldDocument, 'localField' | 'integrationField'>): string {
  return `${field.localField ?? ''}:${field.integrationField ?? ''}`
}

/** The settings of `draft` that differ from `base`. */
export function changedSettings(
  base: MappingDocument,
  draft: MappingDocument,
): readonly (keyof MappingDocument)[] {
  return (Object.keys(draft) as (keyof MappingDocument)[]).filter(
    (key) => JSON.stringify(base[key]) !== JSON.stringify(draft[key]),
  )
}

/** Those settings alone: what a rehearsal takes. */
export function changesOf(base: MappingDocument, draft: MappingDocument): Readonly<Partial<MappingDocument>> {
  return Object.fromEntries(changedSettings(base, draft).map((key) => [key, draft[key]]))
}

/** Those settings as a change of the mapping takes them. */
export function inputOf(base: MappingDocument, draft: MappingDocument): UpdateIntegrationTableMappingInput {
  const { localFilter, integrationFilter, templates, ...rest } = changesOf(base, draft)
  const withFilters = (side: MappingDocument['templates']['local']) =>
    side.map((template) => ({ ...template, filter: filterInput(template.filter) }))
  return {
    ...(rest as UpdateIntegrationTableMappingInput),
    ...(localFilter === undefined ? {} : { localFilter: filterInput(localFilter) }),
    ...(integrationFilter === undefined ? {} : { integrationFilter: filterInput(integrationFilter) }),
    ...(templates === undefined
      ? {}
      : {
          templates: { local: withFilters(templates.local), integration: withFilters(templates.integration) },
        }),
  }
}

export function filterInput(filter: FilterDocument | null): MappingFilterInput | null {
  if (filter === null) return null
  if ('and' in filter) return { and: filter.and.flatMap((part) => filterInput(part) ?? []) }
  if ('or' in filter) return { or: filter.or.flatMap((part) => filterInput(part) ?? []) }
  return { ...filter, comparison: COMPARISONS[filter.comparison] }
}

/**
 * What `mine` changes of `base`, put upon `theirs`: field mappings one by one, other settings as a whole. Where both changed the same,
 * `mine` stands.
 */
export function changesUpon(
  base: MappingDocument,
  mine: MappingDocument,
  theirs: MappingDocument,
): Partial<MappingDocument> {
  const changes = changesOf(base, mine)
  return changes.fields === undefined
    ? changes
    : { ...changes, fields: mergeFields(base.fields, mine.fields, theirs.fields) }
}

function mergeFields(
  base: readonly FieldDocument[],
  mine: readonly FieldDocument[],
  theirs: readonly FieldDocument[],
): readonly FieldDocument[] {
  const before = new Map(base.map((field) => [fieldName(field), field]))
  const own = new Map(mine.map((field) => [fieldName(field), field]))
  const there = new Set(theirs.map(fieldName))
  const kept = theirs.flatMap((field) => {
    const name = fieldName(field)
    const edited = own.get(name)
    if (edited === undefined) return before.has(name) ? [] : [field]
    return JSON.stringify(edited) === JSON.stringify(before.get(name)) ? [field] : [edited]
  })
  // What they have removed stays removed, unless it was changed here.
  const added = mine.filter((field) => {
    const name = fieldName(field)
    return !there.has(name) && JSON.stringify(field) !== JSON.stringify(before.get(name))
  })
  return [...kept, ...added]
}

/** Of paths that somebody else has changed, those that `mine` changes too. */
export function overlapOf(
  base: MappingDocument,
  mine: MappingDocument,
  paths: readonly string[],
): readonly string[] {
  const changed = new Set<string>(changedSettings(base, mine))
  const before = new Map(base.fields.map((field) => [fieldName(field), JSON.stringify(field)]))
  const own = new Map(mine.fields.map((field) => [fieldName(field), JSON.stringify(field)]))
  return paths.filter((path) => {
    const name = /^fields\[([^\]]*)\]/.exec(path)?.[1]
    if (name !== undefined) return before.get(name) !== own.get(name)
    return changed.has(path.split(/[.[]/)[0] ?? '')
  })
}
