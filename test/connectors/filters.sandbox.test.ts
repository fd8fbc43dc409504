import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pushFilter as pushToBusinessCentral } from '../../src/connectors/business-central/push-filter.js'
import { pushFilter as pushToDataverse } from '../../src/connectors/dataverse/push-filter.js'
import { Comparison, matchesFilter, type Filter } from '../../src/domain/filter.js'
import type { RecordSnapshot } from '../../src/domain/record.js'
import { fieldOf } from '../../src/domain/schema.js'
import type { Value } from '../../src/domain/value.js'
import type { Work } from './support/dialect.js'
import { BUSINESS_CENTRAL_DIALECT, DATAVERSE_DIALECT, workOn } from './support/dialect.js'
import type { Bench, TestSandbox } from './support/sandbox.js'
import { benchFor, startTestSandbox } from './support/sandbox.js'

/** Texts that systems read in ways of their own: case, accents, wildcards, quotes, blanks, and what folds to a K. */
const TEXTS = [
  'Berlin', 'BERLIN', 'berlin', 'Bérlin', "L'Aquila", '100%', 'a_b', 'axb', 'A*', '(x)', 'A&B', 'a b', ' a', 'a ', 'K1', 'k1', '\u212a1',
  'ſ', 'İ', 'straße', 'STRASSE', '-', '.', '0', 'C1', 'null', '@x', '~',
] // prettier-ignore
const NUMBERS = ['0', '1', '1.5', '-2', '1000', '99999999999']
const OPTIONS = {
  BUSINESS_CENTRAL: { field: 'blocked', values: ['Ship', 'Invoice', 'All'] },
  DATAVERSE: { field: 'customertypecode', values: ['3', '11', '12'] },
}

const is = (field: string, comparison: Comparison, value: Value): Filter => ({
  kind: 'compare',
  field,
  comparison,
  value,
})

let sandbox: TestSandbox

beforeAll(async () => {
  sandbox = await startTestSandbox()
})
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]()
})

describe.each([BUSINESS_CENTRAL_DIALECT, DATAVERSE_DIALECT])('$kind', (dialect) => {
  let bench: Bench
  let work: Work
  let records: readonly RecordSnapshot[]
  const { name, city, amount, codeField } = dialect
  const option = OPTIONS[dialect.kind]
  const fields = [name, city, amount, codeField, option.field]
  const push = dialect.kind === 'BUSINESS_CENTRAL' ? pushToBusinessCentral : pushToDataverse

  beforeAll(async () => {
    bench = await benchFor(dialect.kind, sandbox.running)
    work = workOn(bench, dialect)
    await work.createRecords(
      ...TEXTS.map((text, index) => ({
        [name]: `Company ${index}`,
        [city]: text,
        [amount]: NUMBERS[index % NUMBERS.length] ?? null,
        [option.field]: option.values[index % 4] ?? null,
        ...(index % 3 === 0 ? { [codeField]: `C${index}` } : {}),
        ...(text === '\u212a1' ? { [codeField]: text } : {}),
      })),
      { [name]: 'Blank' },
    )
    records = await read(null)
  })
  afterAll(async () => {
    await bench.connector.close()
  })

  async function read(filter: Filter | null): Promise<readonly RecordSnapshot[]> {
    const found: RecordSnapshot[] = []
    const request = { table: bench.table, fields, pageSize: 1000, track: false, filter }
    const page = await bench.connector.readChanges({ ...request, from: { kind: 'beginning' } })
    for (const change of page.changes) if (change.kind === 'changed') found.push(change.record)
    expect(page.next).toBeNull()
    return found
  }

  const inside = (filter: Filter): readonly RecordSnapshot[] =>
    records.filter((record) =>
      matchesFilter(filter, record.values, (field) => fieldOf(bench.table, field).type),
    )
  const ids = (of: readonly RecordSnapshot[]): readonly string[] => of.map((record) => record.id).sort()

  const value = (field: string): fc.Arbitrary<Value> => {
    if (field === amount) return fc.constantFrom<Value>(...NUMBERS, null)
    if (field === option.field) return fc.constantFrom<Value>(...option.values, null)
    return fc.oneof(fc.constantFrom<Value>(...TEXTS, 'C0', 'c3', null), fc.string({ maxLength: 3 }))
  }
  const comparison: fc.Arbitrary<Filter> = fc.constantFrom(...fields).chain((field) =>
    fc
      .tuple(
        fc.constantFrom(...Object.values(Comparison)),
        value(field),
        fc.array(value(field), { maxLength: 3 }),
      )
      .map(([kind, single, list]) => ({
        kind: 'compare',
        field,
        comparison: kind,
        value: kind === 'in' ? list : single,
      })),
  )
  const { filter: anyFilter } = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      comparison,
      fc.record({
        kind: fc.constantFrom<'and' | 'or'>('and', 'or'),
        filters: fc.array(tie('filter'), { maxLength: 3 }),
      }),
    ),
  }))

  test('what is pushed down lets through every record of the filter, and nothing else where it says so', async () => {
    await fc.assert(
      fc.asyncProperty(anyFilter, async (filter) => {
        const truth = inside(filter)
        const pushed = push(bench.table, filter)
        fc.pre(pushed !== null)
        const found = ids(await read(filter))
        const all: unknown = expect.arrayContaining([...ids(truth)])
        expect(found).toEqual(pushed?.exact === true ? ids(truth) : all)
      }),
      {
        numRuns: 250,
        examples: [[is(codeField, '=', 'k1')], [is(city, '<>', 'Berlin')], [is(city, '<>', null)]],
      },
    )
  })

  test('records are counted as the filter means it, whatever of it can be pushed down', async () => {
    await fc.assert(
      fc.asyncProperty(anyFilter, async (filter) => {
        expect(await bench.connector.countRecords(bench.table, filter)).toBe(inside(filter).length)
      }),
      { numRuns: 60 },
    )
  })

  test('a filter goes with the stamp', async () => {
    const newest = Math.max(...records.map((record) => record.stamp))
    await bench.moveClock(10_000)
    try {
      const [kept] = await work.createRecords(
        { [name]: 'New', [city]: 'Rome' },
        { [name]: 'Other', [city]: 'Oslo' },
      )
      const filter: Filter = { kind: 'compare', field: city, comparison: '=', value: 'Rome' }
      const { changes } = await bench.connector.readChanges({
        table: bench.table,
        fields,
        from: { kind: 'stamp', atOrAfter: newest + 5_000 },
        pageSize: 100,
        track: false,
        filter,
      })
      expect(changes).toMatchObject([{ kind: 'changed', record: { id: kept?.id } }])
    } finally {
      await bench.moveClock(0)
    }
  })
})

test('a tracked read of Dataverse takes no filter', async () => {
  const bench = await benchFor('DATAVERSE', sandbox.running)
  const page = await bench.connector.readChanges({
    table: bench.table,
    fields: ['name'],
    from: { kind: 'beginning' },
    pageSize: 5000,
    track: true,
    filter: { kind: 'compare', field: 'name', comparison: '=', value: 'Nobody' },
  })
  expect(page.changes.length).toBeGreaterThan(0)
  expect(page.token).not.toBeNull()
  await bench.connector.close()
})
