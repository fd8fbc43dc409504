import { z } from 'zod'
import { query } from '../servers.js'
import type { Question } from './load.js'

/** What is asked of Accord, how fast it has to be, and how the peer is asked for the same, where it can be. */
export interface Comparison {
  readonly what: string
  /** Of the 95th percentile with four requests under way; null: none is set. */
  readonly mostMilliseconds: number | null
  readonly accord: Question
  readonly peer: Question | null
}

const ROWS = 50

/** Combinations of what may vary, each once. */
function* product<Values extends Readonly<Record<string, readonly unknown[]>>>(
  values: Values,
): Generator<{ readonly [Name in keyof Values]: Values[Name][number] }> {
  const entries = Object.entries(values)
  const count = entries.reduce((all, [, each]) => all * each.length, 1)
  for (let number = 0; number < count; number += 1) {
    let rest = number
    yield Object.fromEntries(
      entries.map(([name, each]) => {
        const value = each[rest % each.length]
        rest = Math.floor(rest / each.length)
        return [name, value]
      }),
    ) as { readonly [Name in keyof Values]: Values[Name][number] }
  }
}

interface MappingRow {
  readonly id: string
  readonly name: string
}

/** Everything that is asked, with values that the database holds. */
export async function questionsOf(url: string): Promise<readonly Comparison[]> {
  const mappings = await query<MappingRow>(
    url,
    `select m.id, m.name from integration_table_mapping m where exists (select from coupling c where c.mapping_id = m.id) order by m.name`,
  )
  return [
    errorPages(mappings),
    errorGroups(mappings),
    couplingPages(mappings),
    await statuses(url),
    await recordSearch(url),
    await messageSearch(url),
    writePages(mappings),
  ]
}

const page = z.object({
  page: z.object({
    nodes: z.array(z.record(z.string(), z.unknown())),
    pageInfo: z.object({ hasNextPage: z.boolean() }),
  }),
})

/** The rows of a page: fifty of them, or all there are, in order. Throws otherwise. */
function rowsOf(
  data: unknown,
  order: { readonly field: string; readonly descending: boolean },
): readonly Readonly<Record<string, unknown>>[] {
  const { nodes, pageInfo } = page.parse(data).page
  if (nodes.length === 0 || (nodes.length < ROWS && pageInfo.hasNextPage) || nodes.length > ROWS)
    throw new Error(`${nodes.length} rows instead of ${ROWS}`)
  const keys = nodes.map((node) => keyOf(node[order.field]))
  for (const [place, key] of keys.entries()) {
    const before = keys[place - 1]
    if (before !== undefined && (order.descending ? before < key : before > key))
      throw new Error(`Row ${place + 1} is out of order`)
  }
  return nodes
}

function keyOf(value: unknown): number {
  return typeof value === 'number' ? value : Date.parse(String(value))
}

function expectEach(rows: readonly Readonly<Record<string, unknown>>[], field: string, value: unknown): void {
  if (rows.some((row) => (row[field] ?? null) !== value))
    throw new Error(`A row whose ${field} is not ${String(value)}`)
}

const mappingName = z.object({ mapping: z.object({ name: z.string() }) })

function expectMapping(rows: readonly unknown[], name: string | null): void {
  if (
    rows.some((row) => mappingName.parse(row).mapping.name !== (name ?? mappingName.parse(row).mapping.name))
  )
    throw new Error(`A row of another mapping than ${name}`)
}

const ERROR_ORDERS = [
  { order: 'TIME_DESC', peer: 'LAST_SEEN_DESC', field: 'time', descending: true },
  { order: 'TIME_ASC', peer: 'LAST_SEEN_ASC', field: 'time', descending: false },
  { order: 'FIRST_SEEN_DESC', peer: 'FIRST_SEEN_DESC', field: 'firstSeen', descending: true },
  { order: 'OCCURRENCES_DESC', peer: 'OCCURRENCES_DESC', field: 'occurrences', descending: true },
] as const

/** Pages of the error log: of all or one mapping, of all or the open ones, of all or one class, in each order. */
function errorPages(mappings: readonly MappingRow[]): Comparison {
  const asked = [
    ...product({
      by: ERROR_ORDERS,
      mapping: [null, ...mappings],
      open: [true, false],
      errorClass: [null, 'PERMISSION'],
    }),
  ]
  const check = (data: unknown, values: Readonly<Record<string, unknown>>): void => {
    const one = asked[Number(values['number'])]
    if (one === undefined) throw new Error('An answer to nothing that was asked')
    const rows = rowsOf(data, one.by)
    expectMapping(rows, one.mapping?.name ?? null)
    if (one.open) expectEach(rows, 'resolvedAt', null)
    if (one.errorClass !== null) expectEach(rows, 'errorClass', one.errorClass)
  }
  const fields =
    'firstSeen errorClass resolvableBy direction message cause remedy field occurrences resolvedAt assignee'
  return {
    what: 'Page of 50 errors, filtered and sorted',
    mostMilliseconds: 50,
    accord: {
      query: `query ($filter: IntegrationSynchErrorFilter, $order: IntegrationSynchErrorOrder!) {
        page: integrationSynchErrors(first: ${ROWS}, filter: $filter, orderBy: $order) {
          nodes { id time ${fields} mapping { name } } pageInfo { hasNextPage endCursor } } }`,
      variables: asked.map(({ by, mapping, open, errorClass }, number) => ({
        number,
        order: by.order,
        filter: {
          ...(mapping === null ? {} : { mapping: mapping.name }),
          ...(open ? { status: 'OPEN' } : {}),
          ...(errorClass === null ? {} : { errorClass: [errorClass] }),
        },
      })),
      check,
    },
    peer: {
      query: `query ($condition: IntegrationSynchErrorCondition, $order: [IntegrationSynchErrorOrderBy!]) {
        page: allIntegrationSynchErrors(first: ${ROWS}, condition: $condition, orderBy: $order) {
          nodes { id: rowId time: lastSeen ${fields} mapping: integrationTableMappingByMappingId { name } } pageInfo { hasNextPage endCursor } } }`,
      variables: asked.map(({ by, mapping, open, errorClass }, number) => ({
        number,
        order: [by.peer, 'ROW_ID_ASC'],
        condition: {
          ...(mapping === null ? {} : { mappingId: mapping.id }),
          ...(open ? { resolvedAt: null } : {}),
          ...(errorClass === null ? {} : { errorClass }),
        },
      })),
      check,
    },
  }
}

const GROUP_ORDERS = [
  { order: 'OPEN_DESC', peer: 'OPEN_COUNT_DESC', field: 'openCount', descending: true },
  { order: 'LAST_SEEN_DESC', peer: 'LAST_SEEN_DESC', field: 'lastSeen', descending: true },
  { order: 'OCCURRENCES_DESC', peer: 'OCCURRENCES_DESC', field: 'occurrences', descending: true },
] as const

/** Root causes, of all or one mapping, in each order. */
function errorGroups(mappings: readonly MappingRow[]): Comparison {
  const asked = [...product({ by: GROUP_ORDERS, mapping: [null, ...mappings] })]
  const check = (data: unknown, values: Readonly<Record<string, unknown>>): void => {
    const one = asked[Number(values['number'])]
    if (one === undefined) throw new Error('An answer to nothing that was asked')
    expectMapping(rowsOf(data, one.by), one.mapping?.name ?? null)
  }
  const fields =
    'errorClass resolvableBy message cause remedy field openCount resolvedCount occurrences firstSeen lastSeen assignee snoozedUntil resolvedAt reopened tags'
  return {
    what: 'Page of 50 error groups, filtered and sorted',
    mostMilliseconds: 50,
    accord: {
      query: `query ($filter: ErrorGroupFilter, $order: ErrorGroupOrder!) {
        page: errorGroups(first: ${ROWS}, filter: $filter, orderBy: $order) {
          nodes { id ${fields} mapping { name } } pageInfo { hasNextPage endCursor } } }`,
      variables: asked.map(({ by, mapping }, number) => ({
        number,
        order: by.order,
        filter: mapping === null ? {} : { mapping: mapping.name },
      })),
      check,
    },
    peer: {
      query: `query ($condition: ErrorGroupCondition, $order: [ErrorGroupOrderBy!]) {
        page: allErrorGroups(first: ${ROWS}, condition: $condition, orderBy: $order) {
          nodes { id: rowId ${fields} mapping: integrationTableMappingByMappingId { name } } pageInfo { hasNextPage endCursor } } }`,
      variables: asked.map(({ by, mapping }, number) => ({
        number,
        order: [by.peer, 'ROW_ID_ASC'],
        condition: mapping === null ? {} : { mappingId: mapping.id },
      })),
      check,
    },
  }
}

/** Pages of the pairs of one mapping by id: what a list shows of each. */
function couplingPages(mappings: readonly MappingRow[]): Comparison {
  const check = (data: unknown, values: Readonly<Record<string, unknown>>): void => {
    const rows = page.parse(data).page.nodes
    if (rows.length !== ROWS) throw new Error(`${rows.length} rows instead of ${ROWS}`)
    expectMapping(rows, mappings[Number(values['number'])]?.name ?? null)
  }
  return {
    what: 'Page of 50 couplings of a mapping',
    mostMilliseconds: null,
    accord: {
      query: `query ($filter: CouplingFilter) { page: couplings(first: ${ROWS}, filter: $filter) {
        nodes { id localRecord { id name } integrationRecord { id name } lastSynchModifiedOn lastSynchCrmModifiedOn lastSynchronizedAt
          mapping { name } } pageInfo { hasNextPage endCursor } } }`,
      variables: mappings.map(({ name }, number) => ({ number, filter: { mapping: name } })),
      check,
    },
    peer: {
      query: `query ($condition: CouplingCondition) { page: allCouplings(first: ${ROWS}, condition: $condition) {
        nodes { id: rowId localId localName integrationId integrationName localStamp integrationStamp lastSynchronizedAt
          mapping: integrationTableMappingByMappingId { name } } pageInfo { hasNextPage endCursor } } }`,
      variables: mappings.map(({ id }, number) => ({ number, condition: { mappingId: id } })),
      check,
    },
  }
}

const statusAnswer = z.object({
  recordStatus: z.object({ reason: z.string(), record: z.object({ id: z.string() }) }),
})

/** Why a record is, or is not, in sync: in turn of one that is, one that failed, and one that failed and has no partner. */
async function statuses(url: string): Promise<Comparison> {
  const records = await query<{ id: string; isInSync: boolean }>(
    url,
    `(select c.local_id as id, true as "isInSync" from coupling c where c.local_table = 'customers'
        and not exists (select from record_state s where s.coupling_id = c.id) order by c.id limit 100)
     union all
     (select s.record_id, false from record_state s join coupling c on c.id = s.coupling_id where c.local_table = 'customers' order by s.id limit 100)
     union all
     (select s.record_id, false from record_state s join integration_table_mapping m on m.id = s.mapping_id
      where s.coupling_id is null and m.name = 'CUSTOMER' order by s.id limit 100)`,
  )
  return {
    what: 'recordStatus of a record',
    mostMilliseconds: 50,
    accord: {
      query: `query ($id: ID!) { recordStatus(system: BUSINESS_CENTRAL, table: "customers", id: $id) {
        reason message evidence since until inSyncAsOf record { id name url } partner { id name url } mapping { name } connection { name }
        coupling { id } error { id message cause remedy } nextStep { mutation text variables } } }`,
      variables: records.map(({ id }) => ({ id })),
      check(data, { id }) {
        const { recordStatus } = statusAnswer.parse(data)
        const isInSync = records.find((record) => record.id === id)?.isInSync
        if (recordStatus.record.id !== id) throw new Error('Another record')
        if ((recordStatus.reason === 'IN_SYNC') !== isInSync)
          throw new Error(`The reason is ${recordStatus.reason}`)
      },
    },
    peer: null,
  }
}

const found = z.object({
  recordStatuses: z.array(z.object({ record: z.object({ name: z.string().nullable() }) })),
})

/** Records by a word of their name, its beginning, and their number; what is typed and what many records have in common among them. */
async function recordSearch(url: string): Promise<Comparison> {
  const samples = await query<{ name: string; number: string }>(
    url,
    `select local_name as name, local_number as number from coupling order by id limit 60`,
  )
  const texts = samples.flatMap(({ name, number }) => {
    const words = name.split(' ')
    const [first = '', second = ''] = words
    return [
      { text: second, expected: second },
      { text: first.slice(0, 4), expected: first.slice(0, 4) },
      { text: `${first} ${second.slice(0, 3)}`, expected: first },
      { text: number, expected: '' },
    ]
  })
  return {
    what: 'Search of records by word, prefix and number',
    mostMilliseconds: 200,
    accord: {
      query: `query ($text: String!) { recordStatuses(text: $text, first: 10) { reason message record { id name } coupling { id } mapping { name } } }`,
      variables: texts.map(({ text }) => ({ text })),
      check(data, { text }) {
        const { recordStatuses } = found.parse(data)
        const expected = texts.find((one) => one.text === text)?.expected.toLowerCase() ?? ''
        if (recordStatuses.length === 0) throw new Error('Nothing was found')
        if (recordStatuses.some(({ record }) => !(record.name ?? '').toLowerCase().includes(expected)))
          throw new Error(`A record without ${expected} in its name`)
      },
    },
    peer: null,
  }
}

/** Errors by words of their message: those that many have in common, and names that few have; whole and by their beginning. */
async function messageSearch(url: string): Promise<Comparison> {
  const samples = await query<{ name: string }>(
    url,
    `select source_name as name from integration_synch_error order by id limit 40`,
  )
  const common = [
    'privilege',
    'duplicate',
    'synchron',
    'plug-in unexpected',
    'prvWrite',
    'credit limit longer',
  ]
  const rare = samples.flatMap(({ name }) => {
    const words = name.split(' ')
    return [name, words[1] ?? '', (words[0] ?? '').slice(0, 5)]
  })
  const asked = [...product({ text: [...common, ...rare], open: [true, false] })]
  const order = { field: 'time', descending: true }
  return {
    what: 'Search of errors by words of their message',
    mostMilliseconds: 200,
    accord: {
      query: `query ($filter: IntegrationSynchErrorFilter) { page: integrationSynchErrors(first: ${ROWS}, filter: $filter) {
        nodes { id time errorClass message mapping { name } } pageInfo { hasNextPage endCursor } } }`,
      variables: asked.map(({ text, open }) => ({ filter: { text, ...(open ? { status: 'OPEN' } : {}) } })),
      check(data, { filter }) {
        const { text } = z.object({ text: z.string() }).parse(filter)
        const words = text.toLowerCase().split(/[^a-z]+/)
        const { nodes } = page.parse(data).page
        if (nodes.length > 0) rowsOf(data, order)
        for (const { message } of nodes)
          if (words.some((word) => !String(message).toLowerCase().includes(word)))
            throw new Error(`A message without ${text}`)
      },
    },
    peer: null,
  }
}

/** Pages of the history, of all or one mapping. */
function writePages(mappings: readonly MappingRow[]): Comparison {
  const filters = [{}, ...mappings.map(({ name }) => ({ mapping: name }))]
  return {
    what: 'Page of 50 writes of the history',
    mostMilliseconds: null,
    accord: {
      query: `query ($filter: RecordWriteFilter) { page: recordWrites(first: ${ROWS}, filter: $filter) {
        nodes { id at kind side requestedBy record { id name } fields { field before after } mapping { name } } pageInfo { hasNextPage endCursor } } }`,
      variables: filters.map((filter) => ({ filter })),
      check(data) {
        rowsOf(data, { field: 'at', descending: true })
      },
    },
    peer: null,
  }
}
