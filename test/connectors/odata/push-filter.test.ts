import { describe, expect, test } from 'vitest'
import { createConnector } from '../../../src/connectors/create-connector.js'
import { pushFilter } from '../../../src/connectors/odata/push-filter.js'
import type { Comparison, Filter } from '../../../src/domain/filter.js'
import type { TableDefinition } from '../../../src/domain/schema.js'
import type { Value } from '../../../src/domain/value.js'
import { startScriptedServer } from '../support/scripted-server.js'

const METADATA = `<?xml version="1.0"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="S" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="customer"><Key><PropertyRef Name="id"/></Key>
<Property Name="id" Type="Edm.String" Nullable="false"/><Property Name="name" Type="Edm.String"/>
<Property Name="credit" Type="Edm.Decimal"/><Property Name="active" Type="Edm.Boolean"/><Property Name="since" Type="Edm.Date"/>
<Property Name="changed" Type="Edm.DateTimeOffset"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="customers" EntityType="S.customer"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

const row = (id: string, credit: number) => ({
  '@odata.etag': 'W/"1"',
  id,
  name: `Name ${id}`,
  credit,
  active: true,
  since: '2026-01-01',
  changed: '2026-03-01T00:00:00Z',
})
const ROWS = [row('a', 1), row('b', 5), row('c', 9)]
const is = (field: string, comparison: Comparison, value: Value | readonly Value[]): Filter => ({
  kind: 'compare',
  field,
  comparison,
  value,
})

/** The filters of the pages that are read, and the ids that come, from a service that answers questions with a filter so. */
async function readInside(
  filter: Filter,
  answer: (asked: string) => { readonly status?: number; readonly rows?: readonly object[] },
  tracksFrom: 'beginning' | 'stamp' = 'beginning',
  held: readonly object[] = ROWS,
) {
  const asked: string[] = []
  await using server = await startScriptedServer(({ path }) => {
    if (path.includes('$metadata')) return { body: METADATA }
    const query = new URL(path, 'http://x').searchParams
    const text = query.get('$filter')
    if (query.get('$top') === null) asked.push(text ?? '')
    const { status = 200, rows = held } = text?.includes('credit') === true ? answer(text) : {}
    return { status, body: JSON.stringify({ value: rows }) }
  })
  const connector = createConnector('ODATA', {
    url: server.url,
    signIn: { kind: 'none' },
    sets: { customers: { modifiedField: 'changed' } },
  })
  try {
    const table = await connector.describeTable('customers')
    const page = await connector.readChanges({
      table,
      fields: ['name', 'credit'],
      from: tracksFrom === 'stamp' ? { kind: 'stamp', atOrAfter: 0 } : { kind: 'beginning' },
      pageSize: 100,
      track: false,
      filter,
    })
    return {
      asked,
      ids: page.changes.map((change) => (change.kind === 'changed' ? change.record.id : change.id)),
      table,
    }
  } finally {
    await connector.close()
  }
}

test('a service that understands a filter is asked for no more than lies inside it', async () => {
  const inside = () => ({ rows: ROWS.filter(({ credit }) => credit > 4) })
  const all = await readInside(is('credit', '>', '4'), inside)
  expect(all.asked).toEqual(['credit gt 4'])
  expect(all.ids).toEqual(['b', 'c'])
  const since = await readInside(is('credit', '>', '4'), inside, 'stamp')
  expect(since.asked).toEqual(['changed ge 1970-01-01T00:00:00.000Z and credit gt 4'])
})

test.each([
  ['refuses it', () => ({ status: 501 })],
  ['takes it for another', () => ({ rows: [] })],
])('a service that %s is asked for everything', async (_what, answer) => {
  const { asked, ids } = await readInside(is('credit', '>', '4'), answer)
  expect(asked).toEqual([''])
  expect(ids).toEqual(['a', 'b', 'c'])
})

test('where no record shows what a service makes of a filter, everything is asked for', async () => {
  const { asked } = await readInside(is('credit', '>', '100'), () => ({ rows: [] }))
  expect(asked).toEqual([''])
})

test('a text without capitals does not show whether a service folds case', async () => {
  const lower = ROWS.map((one) => ({ ...one, name: one.name.toLowerCase() }))
  const folded = is('name', 'contains', 'name')
  const ofCapitals = await readInside(folded, () => ({}), 'beginning')
  expect(ofCapitals.asked).toEqual(["contains(tolower(name),'name')"])
  const ofLower = await readInside(folded, () => ({}), 'beginning', lower)
  expect(ofLower.asked).toEqual([''])
})

describe('what is asked for', () => {
  const tables = readInside(is('credit', '>', '4'), () => ({})).then(({ table }) => table)
  test.each<[Filter, string | null]>([
    [is('credit', '=', '5'), 'credit eq 5'],
    [is('credit', '<>', '5'), null],
    [is('credit', '<=', '5.5'), 'credit le 5.5'],
    [is('credit', 'in', ['1', '2']), null],
    [is('credit', 'in', ['1']), 'credit eq 1'],
    [is('credit', 'blank', null), 'credit eq null'],
    [is('since', '>=', '2026-01-01'), 'since ge 2026-01-01'],
    [is('since', '>=', '2026-02-30'), null],
    [is('active', '=', true), 'active eq true'],
    [is('name', '=', 'Adatum Corp'), "tolower(name) eq 'adatum corp'"],
    [is('name', '=', 'Ärger'), null],
    [is('name', '=', 'Kelvin'), null],
    [is('name', '<', 'M'), null],
    [is('name', 'blank', null), null],
    [is('name', 'contains', 'DAT'), "contains(tolower(name),'dat')"],
    [is('name', 'contains', 'in'), null],
    [is('name', 'beginsWith', 'Ada'), "startswith(tolower(name),'ada')"],
    [{ kind: 'and', filters: [is('credit', '>', '1'), is('name', '<', 'M')] }, 'credit gt 1'],
    [
      { kind: 'and', filters: [is('credit', '>', '1'), is('active', '=', true)] },
      '(credit gt 1 and active eq true)',
    ],
    [{ kind: 'or', filters: [is('credit', '>', '1'), is('active', '=', true)] }, null],
    [{ kind: 'or', filters: [is('credit', '<', '1'), is('credit', '>', '8')] }, null],
  ])('%j', async (filter, text) => {
    const table: TableDefinition = await tables
    expect(pushFilter(table, filter)?.text ?? null).toBe(text)
  })
})
