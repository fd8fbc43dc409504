import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from '../config.js'
import type { DecisionDifferenceKind } from '../domain/rehearse-decision.js'
import type { FieldDifferenceKind } from '../domain/rehearsal.js'
import type { RunStatus } from '../domain/run.js'
import { ApiRefusal, callApi, findApi, type ApiAddress } from './api-client.js'
import { ExpectedError, UsageError } from './exit-codes.js'
import { problemsOf } from './mappings/mappings-api.js'
import { readMappingFiles, type MappingOfFile } from './mappings/read-mapping-files.js'
import { printLine } from './output.js'

export interface RehearseOptions {
  readonly connection: string | null
  /** So many recorded changes, the latest ones. */
  readonly last: number
  readonly json: boolean
}

interface RecordRow {
  readonly localName: string | null
  readonly integrationName: string | null
  readonly localId: string | null
  readonly integrationId: string | null
  readonly failure: { readonly message: string } | null
}

interface RehearsalRow {
  readonly id: string
  readonly status: RunStatus
  readonly message: string | null
  readonly mappingVersion: number
  readonly mapping: { readonly name: string }
  readonly report: {
    readonly changes: number
    readonly differing: number
    readonly from: string | null
    readonly to: string | null
    readonly entersFilter: number
    readonly leavesFilter: number
    readonly decided: number
    readonly fields: readonly {
      readonly side: string
      readonly caption: string
      readonly kind: FieldDifferenceKind
      readonly count: number
      readonly examples: readonly (RecordRow & {
        readonly before: string | null
        readonly after: string | null
      })[]
    }[]
    readonly decisions: readonly {
      readonly kind: DecisionDifferenceKind
      readonly count: number
      readonly examples: readonly RecordRow[]
    }[]
    readonly notRehearsed: readonly { readonly reason: string; readonly count: number }[]
  } | null
}

const RECORD = 'localName integrationName localId integrationId failure { message }'
const FIELDS = `id status message mappingVersion mapping { name } report { changes differing from to entersFilter leavesFilter decided
  fields { side field caption kind count examples { ${RECORD} before after readNow } }
  decisions { kind count examples { ${RECORD} before after } } notRehearsed { reason count } }`
const POLL_MILLISECONDS = 500
const EXAMPLES_SHOWN = 3

/**
 * Runs the latest recorded changes of each mapping of a file through that mapping, and prints what would differ.
 * @throws UsageError with every problem at its place in the file, ExpectedError
 */
export async function runRehearse(
  config: Config,
  files: readonly string[],
  options: RehearseOptions,
): Promise<void> {
  const mappings = await readMappingFiles(files)
  const api = await findApi(config)
  const rehearsed: RehearsalRow[] = []
  for (const mapping of mappings) {
    const rehearsal = await rehearsedMapping(api, mapping, options)
    rehearsed.push(rehearsal)
    if (!options.json) for (const line of describe(rehearsal)) printLine(line)
  }
  if (options.json) printLine(JSON.stringify(rehearsed, null, 2))
}

async function rehearsedMapping(
  api: ApiAddress,
  mapping: MappingOfFile,
  options: RehearseOptions,
): Promise<RehearsalRow> {
  const name = (mapping.document as { readonly name?: unknown }).name
  if (typeof name !== 'string')
    throw new UsageError(`${mapping.placeOf('name')}: Expected the name of a mapping.`)
  let rehearsal = await asked(api, mapping, name, options)
  while (rehearsal.status === 'RUNNING') {
    await delay(POLL_MILLISECONDS)
    const answer = await callApi<{ rehearsal: RehearsalRow }>(
      api,
      `query Rehearsal($id: ID!) { rehearsal(id: $id) { ${FIELDS} } }`,
      { id: rehearsal.id },
    )
    rehearsal = answer.rehearsal
  }
  if (rehearsal.status === 'COMPLETED') return rehearsal
  throw new ExpectedError(`${name} could not be rehearsed: ${rehearsal.message ?? rehearsal.status}`)
}

async function asked(
  api: ApiAddress,
  mapping: MappingOfFile,
  name: string,
  { last, connection }: RehearseOptions,
): Promise<RehearsalRow> {
  try {
    const answer = await callApi<{ rehearseMapping: RehearsalRow }>(
      api,
      `mutation Rehearse($name: String!, $changes: JSONObject!, $last: Int!, $connection: String) {
        rehearseMapping(name: $name, changes: $changes, last: $last, connection: $connection) { ${FIELDS} } }`,
      { name, changes: mapping.document, last, connection },
    )
    return answer.rehearseMapping
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error
    const problems = error.failures.flatMap((failure) => problemsOf(failure.extensions))
    if (problems.length === 0) throw error
    const lines = problems.map(({ argument, message }) => {
      const path = argument.replace(/^changes\.?/, '')
      return `${mapping.placeOf(path)}: ${path === '' ? '' : `${path}: `}${message}`
    })
    throw new UsageError(lines.join('\n'), { cause: error })
  }
}

const FIELD_WORDS: Readonly<Record<FieldDifferenceKind, string>> = {
  VALUE: 'another value',
  NEWLY_FAILING: 'would fail',
  NO_LONGER_FAILING: 'would fail no more',
  NEWLY_CARRIED: 'newly carried',
  NO_LONGER_CARRIED: 'no longer carried',
}

const DECISION_WORDS: Readonly<Record<DecisionDifferenceKind, string>> = {
  NEW_CONFLICT: 'would be a conflict',
  NO_LONGER_CONFLICT: 'would be a conflict no more',
  NEWLY_FAILING: 'would fail',
  NO_LONGER_FAILING: 'would fail no more',
  WRITTEN_OTHERWISE: 'would be merged otherwise',
  NO_LONGER_WRITTEN: 'would not be written',
  NEWLY_WRITTEN: 'would be written',
}

function describe({ mapping, mappingVersion, report }: RehearsalRow): string[] {
  if (report === null) return [`${mapping.name}: no report`]
  const span = report.from === null || report.to === null ? '' : `, ${report.from} to ${report.to}`
  const filter = (count: number, words: string): string[] =>
    count === 0 ? [] : [`  ${String(count)} ${words}`]
  return [
    `${mapping.name}, beside version ${String(mappingVersion)}: ${String(report.differing)} of ${String(report.changes)} recorded changes differ${span}`,
    ...filter(report.leavesFilter, 'of records that leave the filter'),
    ...filter(report.entersFilter, 'of records that enter the filter'),
    ...report.fields.flatMap(({ caption, kind, count, examples }) => [
      `  ${caption}: ${FIELD_WORDS[kind]}, ${String(count)}`,
      ...examples
        .slice(0, EXAMPLES_SHOWN)
        .map(
          (example) =>
            `    ${nameOf(example)}: ${example.failure?.message ?? `${shown(example.before)} -> ${shown(example.after)}`}`,
        ),
    ]),
    `  ${String(report.decided)} decisions were made again`,
    ...report.decisions.flatMap(({ kind, count, examples }) => [
      `  ${DECISION_WORDS[kind]}: ${String(count)}`,
      ...examples.slice(0, EXAMPLES_SHOWN).map((example) => `    ${nameOf(example)}`),
    ]),
    ...report.notRehearsed.map(({ reason, count }) => `  Not rehearsed, ${String(count)}: ${reason}`),
  ]
}

function nameOf(record: RecordRow): string {
  return record.localName ?? record.integrationName ?? record.localId ?? record.integrationId ?? ''
}

function shown(value: string | null): string {
  return value === null ? 'blank' : `'${value}'`
}
