import { isDeepStrictEqual } from 'node:util'
import { describeFilter, readFilter, type FilterDocument } from './filter-document.js'
import {
  fieldName,
  type FieldDocument,
  type MappingDocument,
  type TemplateDocument,
} from './mapping-document.js'

/** One setting that differs. `before` undefined: it was added; `after` undefined: it was removed. JSON values. */
export interface DocumentChange {
  /** `direction`, `fields[displayName:name].owner`, `templates.local[DEFAULT].values.type`. */
  readonly path: string
  readonly before?: unknown
  readonly after?: unknown
}

/** What is told of as a whole: a part of it says little without the rest. */
const WHOLE: ReadonlySet<string> = new Set([
  'localFilter',
  'integrationFilter',
  'schedule',
  'reconcileSchedule',
  'filter',
  'transformTo',
  'transformFrom',
  'optionMap',
  'lookupMappings',
  'dependsOn',
  'pairs',
])

/** The settings in which two documents differ, in the order of the document; none: they mean the same. */
export function diffDocuments(before: MappingDocument, after: MappingDocument): readonly DocumentChange[] {
  return [
    ...diffMembers('', without(before), without(after)),
    ...diffLists('fields', before.fields, after.fields, fieldName),
    ...diffLists('matchRules', before.matchRules, after.matchRules, (rule) => String(rule.priority)),
    ...(['local', 'integration'] as const).flatMap((side) =>
      diffLists(
        `templates.${side}`,
        before.templates[side],
        after.templates[side],
        (template: TemplateDocument) => template.name,
      ),
    ),
  ]
}

/** The settings in which two field mappings differ. */
export function diffFields(
  path: string,
  before: FieldDocument,
  after: FieldDocument,
): readonly DocumentChange[] {
  return diffMembers(path, { ...before }, { ...after })
}

function without({ fields: _fields, matchRules: _rules, templates: _templates, ...rest }: MappingDocument) {
  return rest
}

/** Items are told apart by their keys; where keys repeat, or only the order differs, the list is told of as a whole. */
function diffLists<Item extends object>(
  path: string,
  before: readonly Item[],
  after: readonly Item[],
  keyOf: (item: Item) => string,
): readonly DocumentChange[] {
  const keys = [...new Set([...before.map(keyOf), ...after.map(keyOf)])]
  const isKeyed = [before, after].every((list) => new Set(list.map(keyOf)).size === list.length)
  if (!isKeyed) return isDeepStrictEqual(before, after) ? [] : [{ path, before, after }]
  const changes = keys.flatMap((key): readonly DocumentChange[] => {
    const at = `${path}[${key}]`
    const old = before.find((item) => keyOf(item) === key)
    const now = after.find((item) => keyOf(item) === key)
    if (old === undefined) return [{ path: at, after: now }]
    if (now === undefined) return [{ path: at, before: old }]
    return diffMembers(at, Object.fromEntries(Object.entries(old)), Object.fromEntries(Object.entries(now)))
  })
  const common = (list: readonly Item[], other: readonly Item[]): string[] =>
    list.map(keyOf).filter((key) => other.some((item) => keyOf(item) === key))
  const [oldOrder, newOrder] = [common(before, after), common(after, before)]
  return isDeepStrictEqual(oldOrder, newOrder)
    ? changes
    : [...changes, { path: `${path}.order`, before: before.map(keyOf), after: after.map(keyOf) }]
}

function diffMembers(
  path: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly DocumentChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((name): readonly DocumentChange[] => {
    const at = path === '' ? name : `${path}.${name}`
    const [old, now] = [before[name], after[name]]
    if (isDeepStrictEqual(old, now)) return []
    if (!WHOLE.has(name) && isPlain(old) && isPlain(now)) return diffMembers(at, old, now)
    return [
      {
        path: at,
        ...(old === undefined ? {} : { before: old }),
        ...(now === undefined ? {} : { after: now }),
      },
    ]
  })
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A change as one line: `direction: BIDIRECTIONAL -> TO_INTEGRATION_TABLE`. */
export function describeChange(change: DocumentChange): string {
  const show = (value: unknown): string => describeSetting(change.path, value)
  if (change.before === undefined) return `${change.path}: added ${show(telling(change.after))}`
  if (change.after === undefined) return `${change.path}: removed ${show(telling(change.before))}`
  return `${change.path}: ${show(change.before)} -> ${show(change.after)}`
}

/** Of a whole item what says something: without blanks, empty lists and what is off. */
function telling(item: unknown): unknown {
  if (!isPlain(item)) return item
  const says = (value: unknown): boolean =>
    value !== null && value !== false && !(Array.isArray(value) && value.length === 0)
  return Object.fromEntries(Object.entries(item).filter(([, value]) => says(value)))
}

function describeSetting(path: string, value: unknown): string {
  if (value === null) return path.endsWith('ilter') ? 'no filter' : 'none'
  if (path.endsWith('ilter')) return describeFilterDocument(value as FilterDocument)
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return value.length === 0 ? 'none' : value.join(', ')
  }
  return JSON.stringify(value)
}

/** A filter of a document in words, with the fields' names in the systems. */
export function describeFilterDocument(filter: FilterDocument): string {
  const read = readFilter(filter, [], () => undefined)
  return read === null ? JSON.stringify(filter) : describeFilter(read, (field) => field)
}
