import { z } from 'zod'
import {
  ConflictDetection,
  DeletionConflictPolicy,
  Direction,
  FieldStatus,
  UpdateConflictPolicy,
  type FieldMapping,
  type MappingDefinition,
} from '../../../domain/mapping.js'
import type { Filter } from '../../../domain/filter.js'
import type { TransformationRule } from '../../../domain/transformation.js'
import { Side, type Value } from '../../../domain/value.js'
import type { InputProblem } from '../../errors.js'
import { readFilter, valueProblem, type Path } from './filter-document.js'
import { fieldName, DOCUMENT_DEFAULTS } from './mapping-document.js'
import { describeIssue, pathText } from './problems.js'

/** What was read, or every problem with its path (`fields[2].direction`). */
export type Read<T> =
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value: null; readonly problems: readonly InputProblem[] }

const word = z.string().min(1)
const whole = z.int()
const choice = <T extends string>(members: Readonly<Record<string, T>>) =>
  z.enum(members as Readonly<Record<string, T>>)

const filter = z
  .unknown()
  .transform((input, context): Filter | null => {
    if (input === null) return null
    return readFilter(input, [], (path: Path, message) => {
      context.issues.push({ code: 'custom', path: [...path], message, input })
    })
  })
  .optional()
  .default(null)

const value = z.unknown().transform((input, context): Value => {
  const problem = valueProblem(input)
  if (problem === null) return input as Value
  context.issues.push({ code: 'custom', message: problem, input })
  return null
})

/** What a rule may say beside its type is told by its type: the mapping's validation reads it. */
const rules = z.array(z.looseObject({ type: z.string() })).default([])

const fieldDocument = z.strictObject({
  localField: word.nullish(),
  integrationField: word.nullish(),
  constant: value.optional(),
  direction: choice(Direction).optional(),
  status: choice(FieldStatus).optional(),
  lookupMappings: z.array(word).default([]),
  clearValueOnFailedSync: z.boolean().default(false),
  notNull: z.boolean().default(false),
  transformTo: rules,
  transformFrom: rules,
  optionMap: z.array(z.strictObject({ local: value, integration: value })).nullish(),
  owner: choice(Side).nullish(),
  truncate: z.boolean().default(false),
  timeZone: word.nullish(),
  localCurrencyAmount: z.strictObject({ currencyField: word }).nullish(),
})
type FieldInput = z.output<typeof fieldDocument>

const template = z.strictObject({
  name: word,
  priority: whole,
  filter,
  values: z.record(z.string(), value),
})

const matchRule = z.strictObject({
  priority: whole,
  caseSensitive: z.boolean().default(false),
  pairs: z.array(z.strictObject({ localField: word, integrationField: word })),
})

const schedule = z
  .strictObject({
    everyMinutes: whole.nullish(),
    cron: word.nullish(),
    timeZone: word.nullish(),
  })
  .transform((input, context): MappingDefinition['schedule'] => {
    const everyMinutes = input.everyMinutes ?? null
    const cron = input.cron ?? null
    if ((everyMinutes === null) === (cron === null)) {
      context.issues.push({
        code: 'custom',
        message: 'Expected either everyMinutes, or cron with timeZone.',
        input,
      })
    }
    if (cron === null) {
      if ((input.timeZone ?? null) !== null) {
        const message = 'Expected a time zone only beside cron.'
        context.issues.push({ code: 'custom', path: ['timeZone'], message, input })
      }
      return { kind: 'interval', minutes: everyMinutes ?? 0 }
    }
    if ((input.timeZone ?? null) === null) {
      const message = 'Expected an IANA time zone beside cron, such as Europe/Berlin.'
      context.issues.push({ code: 'custom', path: ['timeZone'], message, input })
    }
    return { kind: 'cron', expression: cron, timeZone: input.timeZone ?? 'UTC' }
  })

const document = z.strictObject({
  name: word,
  localTable: word,
  integrationTable: word,
  direction: choice(Direction),
  synchOnlyCoupledRecords: z.boolean().default(DOCUMENT_DEFAULTS.synchOnlyCoupledRecords),
  localFilter: filter,
  integrationFilter: filter,
  conflictDetection: choice(ConflictDetection).default(DOCUMENT_DEFAULTS.conflictDetection),
  updateConflictPolicy: choice(UpdateConflictPolicy).default(DOCUMENT_DEFAULTS.updateConflictPolicy),
  deletionConflictPolicy: choice(DeletionConflictPolicy).default(DOCUMENT_DEFAULTS.deletionConflictPolicy),
  deletionReview: z
    .strictObject({
      percent: z.number().default(DOCUMENT_DEFAULTS.deletionReview.percent),
      minimum: whole.default(DOCUMENT_DEFAULTS.deletionReview.minimum),
    })
    .prefault({}),
  fields: z.array(fieldDocument),
  matchRules: z.array(matchRule).default([]),
  templates: z
    .strictObject({ local: z.array(template).default([]), integration: z.array(template).default([]) })
    .prefault({}),
  matchBasedCoupling: z
    .strictObject({
      synchronizeAfterwards: z.boolean().default(DOCUMENT_DEFAULTS.matchBasedCoupling.synchronizeAfterwards),
      createNew: z.boolean().default(DOCUMENT_DEFAULTS.matchBasedCoupling.createNew),
    })
    .prefault({}),
  schedule: schedule.prefault(DOCUMENT_DEFAULTS.schedule),
  inactivityTimeoutMinutes: whole.nullable().default(DOCUMENT_DEFAULTS.inactivityTimeoutMinutes),
  wakeOnChange: z.boolean().default(DOCUMENT_DEFAULTS.wakeOnChange),
  findDeletedHours: whole.nullable().default(DOCUMENT_DEFAULTS.findDeletedHours),
  bulkUpdates: z.boolean().default(DOCUMENT_DEFAULTS.bulkUpdates),
  reconcileSchedule: schedule.nullable().default(DOCUMENT_DEFAULTS.reconcileSchedule),
  dependsOn: z.array(word).default([]),
})

/**
 * Reads a mapping from a document whose settings may be left out where they have a default. Structure only: whether the
 * mapping makes sense is for the validation of mappings.
 */
export function readDocument(input: unknown): Read<MappingDefinition> {
  const parsed = document.safeParse(plain(input), { reportInput: true })
  const unstorable = findUnstorable(input, [])
  if (!parsed.success) return refused(parsed.error, unstorable)
  if (unstorable.length > 0) return { value: null, problems: unstorable }
  const { fields, synchOnlyCoupledRecords, matchBasedCoupling, bulkUpdates, ...rest } = parsed.data
  return {
    value: {
      ...rest,
      onlyCoupled: synchOnlyCoupledRecords,
      coupling: matchBasedCoupling,
      ...(bulkUpdates ? { bulkUpdates } : {}),
      fields: fields.map((field) => toFieldMapping(field, rest.direction)),
    },
    problems: [],
  }
}

/** Reads one field mapping. `mappingDirection` is its direction where none is given and no constant gives one. */
export function readFieldDocument(input: unknown, mappingDirection: Direction): Read<FieldMapping> {
  const parsed = fieldDocument.safeParse(plain(input), { reportInput: true })
  const unstorable = findUnstorable(input, [])
  if (!parsed.success) return refused(parsed.error, unstorable)
  if (unstorable.length > 0) return { value: null, problems: unstorable }
  return { value: toFieldMapping(parsed.data, mappingDirection), problems: [] }
}

/** What is at its default is left out, so that equal settings are equal definitions. */
function toFieldMapping(field: FieldInput, mappingDirection: Direction): FieldMapping {
  const ends = { localField: field.localField ?? null, integrationField: field.integrationField ?? null }
  const isConstant = ends.localField === null || ends.integrationField === null
  return {
    name: fieldName(ends),
    ...ends,
    direction: field.direction ?? directionOf(ends, mappingDirection),
    // Null is blank, which only a constant can be.
    ...(field.constant === undefined || (!isConstant && field.constant === null)
      ? {}
      : { constant: field.constant }),
    ...(field.status === 'DISABLED' ? { status: field.status } : {}),
    ...(field.lookupMappings.length > 0 ? { lookupMappings: field.lookupMappings } : {}),
    ...(field.clearValueOnFailedSync ? { clearValueOnFailedSync: true } : {}),
    ...(field.notNull ? { notNull: true } : {}),
    ...(field.transformTo.length > 0 ? { transformTo: field.transformTo as TransformationRule[] } : {}),
    ...(field.transformFrom.length > 0 ? { transformFrom: field.transformFrom as TransformationRule[] } : {}),
    ...(field.optionMap ? { optionMap: field.optionMap } : {}),
    ...(field.owner ? { owner: field.owner } : {}),
    ...(field.truncate ? { truncate: true } : {}),
    ...(field.timeZone ? { timeZone: field.timeZone } : {}),
    ...(field.localCurrencyAmount ? { localCurrencyAmount: field.localCurrencyAmount } : {}),
  }
}

/** A constant goes to the side that has a field. */
function directionOf(
  ends: { readonly localField: string | null; readonly integrationField: string | null },
  mappingDirection: Direction,
): Direction {
  if (ends.localField === null) return Direction.toIntegrationTable
  if (ends.integrationField === null) return Direction.fromIntegrationTable
  return mappingDirection
}

function refused(
  error: z.ZodError,
  besides: readonly InputProblem[],
): { readonly value: null; readonly problems: readonly InputProblem[] } {
  const problems = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          argument: pathText([...issue.path, key]),
          message: 'There is no such setting.',
        }))
      : [{ argument: pathText(issue.path), message: describeIssue(issue) }],
  )
  return { value: null, problems: [...problems, ...besides] }
}

/** Text that PostgreSQL holds in no form: NUL, and halves of a surrogate pair. */
function findUnstorable(input: unknown, path: Path): readonly InputProblem[] {
  if (typeof input === 'string') {
    return input.isWellFormed() && !input.includes('\0')
      ? []
      : [{ argument: pathText(path), message: 'Expected text without NUL and without halves of characters.' }]
  }
  if (typeof input !== 'object' || input === null) return []
  const members = Array.isArray(input) ? input.entries() : Object.entries(input)
  return [...members].flatMap(([key, member]: [string | number, unknown]) => [
    ...(typeof key === 'string' ? findUnstorable(key, [...path, key]) : []),
    ...findUnstorable(member, [...path, key]),
  ])
}

/** Without the members that a GraphQL input object has though its author left them out. */
function plain(input: unknown): unknown {
  if (Array.isArray(input)) return input.map(plain)
  if (typeof input !== 'object' || input === null) return input
  return Object.fromEntries(
    Object.entries(input)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, plain(member)]),
  )
}
