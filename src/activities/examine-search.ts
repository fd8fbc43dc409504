import type { Connector } from '../connectors/connector.js'
import type { ExaminationInput, ExaminedSearch } from '../domain/examination.js'
import { matchesFilter, type Filter } from '../domain/filter.js'
import type { RecordSnapshot } from '../domain/record.js'
import type { TableDefinition } from '../domain/schema.js'
import { Side } from '../domain/value.js'
import { couplingsOf } from './decide-pairs.js'
import { examined } from './examine-pair.js'
import { typeOf, type MappingContext } from './mapping-context.js'

/** Of what is found as many are shown. */
const SHOWN = 20
/** Records a page, and pages that are looked through where the system cannot search as we mean it. */
const PAGE = 1_000
const PAGES = 5

/**
 * Records of a side whose name, number or a field of its match rules holds a text, without case: those that hold no more than it first.
 * They are found however large the table is; parts of texts in its first records only, unless the system searches for them itself.
 */
export async function examineSearch(
  context: MappingContext,
  { side, text }: Extract<ExaminationInput, { readonly kind: 'search' }>,
): Promise<ExaminedSearch> {
  const connector = context.connectors[side]
  const table = context.tables[side]
  const searched = searchedFields(context, side)
  const fields = [...new Set([...context.fields[side], ...searched])]
  const whole = await Promise.all(
    searched.map((field) => connector.readByValues(table, fields, field, [text])),
  )
  const found = new Map(whole.flat().map((record) => [record.id, record]))
  const isComplete = await addParts(connector, table, fields, holds(searched, text), found)
  const records = [...found.values()].slice(0, SHOWN)
  const held = await couplingsOf(
    context,
    side,
    records.map(({ id }) => id),
  )
  return {
    kind: 'search',
    isComplete: isComplete && found.size <= SHOWN,
    records: records.map((record) =>
      examined(context, side, record.id, { kind: 'found', record }, held.get(record.id) ?? null),
    ),
  }
}

/** The fields that people know a record by: its name, its number, and what the match rules compare; as far as they hold text. */
function searchedFields({ definition, tables }: MappingContext, side: Side): readonly string[] {
  const { fields, nameField, assignedKey } = tables[side]
  const names = new Set([
    nameField,
    ...(assignedKey === undefined ? [] : [assignedKey.field]),
    ...definition.matchRules.flatMap(({ pairs }) =>
      pairs.map((pair) => (side === Side.local ? pair.localField : pair.integrationField)),
    ),
  ])
  return fields
    .filter(({ name, type }) => names.has(name) && (type.kind === 'text' || type.kind === 'code'))
    .map(({ name }) => name)
}

function holds(fields: readonly string[], text: string): Filter {
  return {
    kind: 'or',
    filters: fields.map((field) => ({ kind: 'compare', field, comparison: 'contains', value: text })),
  }
}

/** Adds records inside a filter until there are more than are shown. False: not all of the table was looked through. */
async function addParts(
  connector: Connector,
  table: TableDefinition,
  fields: readonly string[],
  filter: Filter,
  found: Map<string, RecordSnapshot>,
): Promise<boolean> {
  let next: string | null = null
  for (let read = 0; read < PAGES && found.size <= SHOWN; read += 1) {
    const page: Awaited<ReturnType<Connector['readChanges']>> = await connector.readChanges({
      table,
      fields,
      from: next === null ? { kind: 'beginning' } : { kind: 'next', next },
      pageSize: PAGE,
      track: false,
      filter,
    })
    for (const change of page.changes)
      if (change.kind === 'changed' && matchesFilter(filter, change.record.values, typeOf(table)))
        found.set(change.record.id, change.record)
    if (page.next === null) return true
    next = page.next
  }
  return false
}
