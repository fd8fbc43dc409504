import type { FieldChoice, ResolveChoice } from '../../domain/choice.js'
import type { Side } from '../../domain/value.js'
import type { ApiContext } from '../context.js'
import { badUserInput, type InputProblem } from '../errors.js'
import { parseIds } from '../identifiers.js'
import { skippedIds } from './list-skipped.js'
import type {
  FieldChoiceInput,
  SkippedRecordChoiceInput,
  SkippedRecordFilter,
} from './skipped-record.input.js'

/** The most records that a filter may choose for at once. */
const MOST_FILTERED = 5_000

/** What is chosen, as it was asked: for ids or a filter all alike, or one by one. */
export interface AskedChoices {
  readonly ids: readonly string[] | null
  readonly filter: SkippedRecordFilter | null
  readonly keep: Side | null
  readonly merge: boolean
  readonly fields: readonly FieldChoiceInput[] | null
  readonly choices: readonly SkippedRecordChoiceInput[] | null
}

/**
 * The choice for every record, by id of the skipped synch. record. Throws BAD_USER_INPUT naming everything that has no meaning, and
 * how many a filter lets in where that is too many.
 */
export async function readChoices(
  context: ApiContext,
  asked: AskedChoices,
): Promise<ReadonlyMap<string, ResolveChoice>> {
  const given = [asked.ids, asked.filter, asked.choices].filter((value) => value !== null)
  if (given.length !== 1)
    throw badUserInput([{ argument: 'ids', message: 'Expected exactly one of ids, filter and choices.' }])
  const problems: InputProblem[] = []
  if (asked.choices !== null) return readEach(asked.choices, asked, problems)
  const choice = readChoice(asked, '', problems)
  if (choice === null || problems.length > 0) throw badUserInput(problems)
  const ids = asked.ids === null ? await filtered(context, asked.filter ?? {}) : parseIds(asked.ids, 'ids')
  return new Map(ids.map((id) => [id, choice]))
}

function readEach(
  choices: readonly SkippedRecordChoiceInput[],
  asked: AskedChoices,
  problems: InputProblem[],
): ReadonlyMap<string, ResolveChoice> {
  if (asked.keep !== null || asked.fields !== null || asked.merge) {
    const message = 'With choices, keep, merge and fields stand in each of them.'
    problems.push({ argument: asked.keep !== null ? 'keep' : asked.merge ? 'merge' : 'fields', message })
  }
  const ids = parseIds(
    choices.map((entry) => entry.id),
    'choices',
  )
  if (ids.length < choices.length)
    problems.push({ argument: 'choices', message: 'Expected each record once.' })
  const read = new Map<string, ResolveChoice>()
  for (const [index, entry] of choices.entries()) {
    const choice = readChoice(
      { keep: entry.keep ?? null, merge: entry.merge ?? false, fields: entry.fields ?? null },
      `choices[${index}].`,
      problems,
    )
    if (choice !== null) read.set(entry.id.toLowerCase(), choice)
  }
  if (problems.length > 0) throw badUserInput(problems)
  return read
}

function readChoice(
  { keep, merge, fields }: Pick<AskedChoices, 'keep' | 'merge' | 'fields'>,
  path: string,
  problems: InputProblem[],
): ResolveChoice | null {
  if ([keep !== null, merge, fields !== null].filter(Boolean).length !== 1) {
    problems.push({ argument: `${path}keep`, message: 'Expected exactly one of keep, merge and fields.' })
    return null
  }
  if (keep !== null) return { kind: 'side', keep }
  // No field is named: each keeps what one side alone changed, and a clash stays a conflict.
  if (merge) return { kind: 'fields', fields: {} }
  return { kind: 'fields', fields: readFieldChoices(fields ?? [], path, problems) }
}

/** What is kept of each field, by name; `problems` takes up what has no meaning. `path`: of the argument that holds `fields`. */
export function readFieldChoices(
  fields: readonly FieldChoiceInput[],
  path: string,
  problems: InputProblem[],
): Readonly<Record<string, FieldChoice>> {
  const before = problems.length
  const chosen: Record<string, FieldChoice> = {}
  for (const [index, field] of fields.entries()) {
    const argument = `${path}fields[${index}]`
    const side = field.keep ?? null
    if ((side === null) === (field.value === undefined))
      problems.push({ argument, message: 'Expected either keep or value.' })
    else if (chosen[field.name] !== undefined)
      problems.push({ argument, message: `Expected each field once, got ${field.name} again.` })
    else chosen[field.name] = side === null ? { value: field.value ?? null } : { keep: side }
  }
  if (Object.keys(chosen).length === 0 && problems.length === before)
    problems.push({ argument: `${path}fields`, message: 'Expected at least one field.' })
  return chosen
}

/** The skipped synch. records that are meant: by id, or by a filter. Throws BAD_USER_INPUT. */
export async function readIds(
  context: ApiContext,
  ids: readonly string[] | null,
  filter: SkippedRecordFilter | null,
): Promise<readonly string[]> {
  if ((ids === null) === (filter === null))
    throw badUserInput([{ argument: 'ids', message: 'Expected either ids or a filter.' }])
  return ids === null ? filtered(context, filter ?? {}) : parseIds(ids, 'ids')
}

async function filtered(context: ApiContext, filter: SkippedRecordFilter): Promise<readonly string[]> {
  const ids = await skippedIds(context.em, filter, MOST_FILTERED + 1)
  if (ids.length <= MOST_FILTERED) return ids
  throw badUserInput([
    {
      argument: 'filter',
      message: `It lets in more than ${MOST_FILTERED} records: settle them with startBulkSettlement, or narrow it, by mapping, fingerprint or time.`,
    },
  ])
}
