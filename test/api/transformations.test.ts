import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { randomUUID } from 'node:crypto'
import { startTestApi, type Answer, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_transformations')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

test('the types of transformation rules are listed with their settings', async () => {
  const { data, errors } = await api.ask<{
    transformationRules: {
      types: { type: string; settings: object[] }[]
      predefined: object[]
      cultures: string[]
    }
  }>(`{ transformationRules {
    types { type caption description difference settings {
      name caption description type required options minimumLength maximumLength minimum maximum default example } }
    predefined { code rules } refused { type reason } cultures } }`)
  expect(errors).toEqual([])
  const { types, predefined, cultures } = data.transformationRules
  expect(types.map(({ type }) => type)).toEqual(expect.arrayContaining(['TRIM', 'REPLACE', 'LOOKUP_LIST']))
  expect(types.find(({ type }) => type === 'REPLACE')?.settings).toContainEqual(
    expect.objectContaining({ name: 'find', type: 'TEXT', required: true }),
  )
  expect(predefined).toContainEqual({ code: 'TRIM', rules: [{ type: 'TRIM' }] })
  expect(cultures).toContain('de-DE')
})

describe('a preview of rules', () => {
  const preview = (rules: readonly object[], samples: readonly unknown[]): Promise<Answer> =>
    api.ask(
      `query ($rules: [JSONObject!]!, $samples: [FieldValue]!) {
        previewTransformation(rules: $rules, samples: $samples) { sample steps value message remedy } }`,
      { rules, samples },
    )

  test('shows the value after each rule', async () => {
    const { data, errors } = await preview(
      [{ type: 'TRIM' }, { type: 'UPPERCASE' }, { type: 'ROUND', precision: 1, direction: 'NEAREST' }],
      ['  2.5 ', ' x', null],
    )
    expect(errors).toEqual([])
    expect(data['previewTransformation']).toEqual([
      { sample: '  2.5 ', steps: ['2.5', '2.5', '3'], value: '3', message: null, remedy: null },
      {
        sample: ' x',
        steps: ['x', 'X'],
        value: null,
        message: expect.stringContaining('Transformation rule 3'),
        remedy: expect.any(String),
      },
      { sample: null, steps: [], value: null, message: null, remedy: null },
    ])
  })

  test('tells every problem of every rule', async () => {
    const { errors } = await preview(
      [{ type: 'TRIM' }, { type: 'REPLACE' }, { type: 'SHOUT' }, { type: 'ROUND', precision: 'x' }],
      ['a'],
    )
    const problems = errors[0]?.extensions['problems'] as { argument: string }[]
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
    expect([...new Set(problems.map(({ argument }) => argument))]).toEqual([
      'rules[1]',
      'rules[2]',
      'rules[3]',
    ])
  })

  test('takes so many values and no more, and no numbers', async () => {
    expect(
      (
        await preview(
          [],
          Array.from({ length: 101 }, () => 'a'),
        )
      ).errors,
    ).toMatchObject([{ extensions: { problems: [{ argument: 'samples' }] } }])
    expect((await preview([], ['a'.repeat(10_001)])).errors).toMatchObject([
      { extensions: { problems: [{ argument: 'samples[0]' }] } },
    ])
    expect((await preview([], [7])).errors).toMatchObject([
      { message: expect.stringContaining('write the number in quotes: "7"') },
    ])
  })
})

describe('a preview of a field mapping', () => {
  const preview = (rest: string, variables: object = {}): Promise<Answer> =>
    api.ask(
      `query ($samples: [FieldValue], $couplingId: ID) { previewFieldMapping(mapping: "CUSTOMER", samples: $samples, couplingId: $couplingId, ${rest}) {
        source steps destination carried errorClass message } }`,
      { ...variables },
    )

  test('shows what the destination would hold, or why not', async () => {
    await rows.mapping(
      {},
      {
        fields: [
          {
            name: 'displayName:name',
            localField: 'displayName',
            integrationField: 'name',
            direction: 'BIDIRECTIONAL',
            transformTo: [{ type: 'UPPERCASE' }],
          },
        ],
      },
    )
    const to = await preview('field: "displayName:name"', { samples: ['Adatum', 'x'.repeat(200), null] })
    expect(to.errors).toEqual([])
    expect(to.data['previewFieldMapping']).toEqual([
      {
        source: 'Adatum',
        steps: ['ADATUM'],
        destination: 'ADATUM',
        carried: true,
        errorClass: null,
        message: null,
      },
      {
        source: 'x'.repeat(200),
        steps: ['X'.repeat(200)],
        destination: null,
        carried: false,
        errorClass: 'VALIDATION',
        message: expect.stringContaining('200 characters'),
      },
      { source: null, steps: [], destination: null, carried: true, errorClass: null, message: null },
    ])
    const cut = await preview('field: "displayName:name", input: { truncate: true, transformTo: [] }', {
      samples: ['x'.repeat(200)],
    })
    expect(cut.data['previewFieldMapping']).toMatchObject([{ destination: 'x'.repeat(160), carried: true }])
    const from = await preview('field: "displayName:name", direction: FROM_INTEGRATION_TABLE', {
      samples: ['Adatum'],
    })
    expect(from.data['previewFieldMapping']).toMatchObject([{ steps: [], destination: 'Adatum' }])
  })

  test('translates lookups through couplings', async () => {
    const connectionId = await rows.connection()
    const currency = await rows.mapping(
      { connectionId, name: 'CURRENCY' },
      { localTable: 'currencies', integrationTable: 'transactioncurrencies' },
    )
    await rows.mapping({ connectionId })
    const [local, integration] = [randomUUID(), randomUUID()]
    await rows.coupling(currency, { localId: local, integrationId: integration })
    const { data, errors } = await preview('field: "currencyId:transactioncurrencyid"', {
      samples: [local, randomUUID()],
    })
    expect(errors).toEqual([])
    expect(data['previewFieldMapping']).toMatchObject([
      { destination: integration, carried: true },
      { destination: null, carried: false, errorClass: 'DEPENDENCY_MISSING' },
    ])
  })

  test('takes what a coupling last agreed on', async () => {
    const mapping = await rows.mapping()
    const couplingId = await rows.coupling(mapping, {
      base: { 'displayName:name': { local: 'Adatum', integration: 'Adatum Corporation' } },
    })
    const { data, errors } = await preview('field: "displayName:name"', { couplingId })
    expect(errors).toEqual([])
    expect(data['previewFieldMapping']).toMatchObject([{ source: 'Adatum', destination: 'Adatum' }])
    const unknown = await preview('field: "city:address1_city"', { couplingId })
    expect(unknown.errors).toMatchObject([
      { extensions: { problems: [{ argument: 'couplingId', message: expect.stringContaining('city') }] } },
    ])
    const none = await preview('field: "city:address1_city"', { couplingId: randomUUID() })
    expect(none.errors).toMatchObject([{ extensions: { problems: [{ argument: 'couplingId' }] } }])
  })

  test('needs values, fields that are there, and a direction in which it is carried', async () => {
    await rows.mapping()
    expect((await preview('field: "displayName:name"')).errors).toMatchObject([
      { extensions: { problems: [{ argument: 'samples' }] } },
    ])
    expect((await preview('field: "name"', { samples: ['a'] })).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ])
    expect((await preview('input: {}', { samples: ['a'] })).errors).toMatchObject([
      { extensions: { problems: [{ argument: 'input' }] } },
    ])
    expect(
      (await preview('input: { localField: "nummer", integrationField: "name" }', { samples: ['a'] })).errors,
    ).toMatchObject([{ extensions: { problems: [{ argument: 'input.localField' }] } }])
    expect(
      (
        await preview('field: "creditLimit:creditlimit", direction: FROM_INTEGRATION_TABLE', {
          samples: ['1'],
        })
      ).errors,
    ).toMatchObject([{ extensions: { problems: [{ argument: 'direction' }] } }])
  })

  test('of a constant needs no values', async () => {
    await rows.mapping()
    const { data } = await preview('input: { integrationField: "customertypecode", constant: "3" }')
    expect(data['previewFieldMapping']).toMatchObject([{ source: '3', destination: '3', carried: true }])
  })
})
