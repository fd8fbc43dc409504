import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { getNamedType, isInputObjectType, isObjectType } from '../../src/api/graphql.js'
import { keepResult } from '../../src/api/idempotency/keep-result.js'
import { referenceTo } from '../../src/api/record/record-reference.js'
import { buildApiSchema } from '../../src/api/schema.js'
import { tableOf } from '../../src/domain/catalog/tables.js'
import { purgeKeys } from '../../src/persistence/idempotency-keys.js'
import { startTestApi, type Answer, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

/** How long something that happens at once may take on a busy machine. */
const PATIENT = { timeout: 20_000 }

let api: TestApi
let rows: Rows
let couplingId: string
let mappingId: string

beforeAll(async () => {
  api = await startTestApi('api_idempotency')
  rows = new Rows(api.database)
})
beforeEach(async () => {
  await api.reset()
  mappingId = await rows.mapping()
  couplingId = await rows.coupling(mappingId)
})
afterAll(() => api.close())

type Asked = Answer<Readonly<Record<string, { readonly id: string }>>>

function synchronize(key: string | null, rest = '', token?: string): Promise<Asked> {
  return api.ask(
    `mutation ($key: String) { synchronizeRecord(couplingId: "${couplingId}", direction: TO_INTEGRATION_TABLE, key: $key ${rest}) {
      ... on SynchRun { id kind requestedAt status } } }`,
    { key },
    token,
  )
}

const idOf = ({ data, errors }: Asked): string => {
  expect(errors).toEqual([])
  return data['synchronizeRecord']?.id ?? 'none'
}
const codesOf = ({ errors }: Answer): readonly string[] => errors.map(({ extensions }) => extensions.code)

describe('a request under a key', () => {
  test('is carried out once, also where two come at the same time', async () => {
    // Until both have come, nothing ends.
    let come = 0
    const both = Promise.withResolvers<void>()
    api.runControl.behave(async () => {
      if ((come += 1) === 1) await both.promise
    })
    const first = synchronize('once')
    await expect.poll(() => api.runControl.started.length, PATIENT).toBe(1)
    const others = [synchronize('once'), synchronize('once')]
    await expect
      .poll(async () => (await api.ask('{ auditEntries { nodes { id } } }')).data['auditEntries'], PATIENT)
      .toMatchObject({ nodes: { length: 3 } })
    both.resolve()
    const [one, ...more] = await Promise.all([first, ...others])
    expect(more.map(idOf)).toEqual([idOf(one), idOf(one)])
    expect(api.runControl.started).toEqual([idOf(one)])
    expect(more[0]?.data).toEqual(one.data)
    expect(idOf(await synchronize('once'))).toBe(idOf(one))
    expect(await api.database.em.fork().execute('select id from synch_run')).toHaveLength(1)
  })

  test('is carried out by each who asks, and by each key; without one each time', async () => {
    const { data } = await api.ask<{ createAccessToken: { token: string } }>(
      'mutation { createAccessToken(input: { name: "robot", role: OPERATOR }) { token } }',
    )
    const answers = [
      await synchronize('a'),
      await synchronize('b'),
      await synchronize('a', '', data.createAccessToken.token),
      await synchronize(null),
      await synchronize(null),
    ]
    expect(new Set(answers.map(idOf)).size).toBe(5)
  })

  test('is refused where the key stands for something else, with nothing done', async () => {
    await synchronize('one')
    for (const refused of [
      await synchronize('one', ', overwrite: true'),
      await api.ask('mutation { synchronizeMapping(name: "CUSTOMER", key: "one") { id } }'),
    ])
      expect(codesOf(refused)).toEqual(['KEY_USED_OTHERWISE'])
    expect(api.runControl.started).toHaveLength(1)
    expect(codesOf(await synchronize(' '))).toEqual(['BAD_USER_INPUT'])
    expect(codesOf(await synchronize('x'.repeat(201)))).toEqual(['BAD_USER_INPUT'])
  })

  test('may be asked for again where it was refused', async () => {
    api.runControl.beUnreachable()
    expect(codesOf(await synchronize('again'))).toEqual(['ENGINE_UNAVAILABLE'])
    await api.reset()
    mappingId = await rows.mapping()
    expect(codesOf(await synchronize('again'))).toEqual(['NOT_FOUND'])
    couplingId = await rows.coupling(mappingId)
    expect(idOf(await synchronize('again'))).toBe(api.runControl.started[0])
  })

  test('that broke off is not begun anew: nobody knows what became of it', async () => {
    await synchronize('broken')
    const em = api.database.em.fork()
    await em.execute(`update idempotency_key set status = 'RUNNING', alive_at = now() - interval '1 minute'`)
    expect(codesOf(await synchronize('broken'))).toEqual(['KEY_OUTCOME_UNKNOWN'])
    api.runControl.neverEnd()
    await em.execute('alter table synch_run rename to synch_run_gone')
    try {
      expect(codesOf(await synchronize('failed'))).toEqual(['INTERNAL_SERVER_ERROR'])
    } finally {
      await em.execute('alter table synch_run_gone rename to synch_run')
    }
    expect(codesOf(await synchronize('failed'))).toEqual(['KEY_OUTCOME_UNKNOWN'])
    expect(api.runControl.started).toHaveLength(1)
  })

  test('that had begun is not begun anew, though Temporal went away meanwhile', async () => {
    api.runControl.behave(async () => api.runControl.beUnreachable())
    expect(codesOf(await synchronize('begun'))).toEqual(['ENGINE_UNAVAILABLE'])
    expect(codesOf(await synchronize('begun'))).toEqual(['KEY_OUTCOME_UNKNOWN'])
    expect(api.runControl.started).toHaveLength(1)
  })

  test('means the same whether an argument is null or left out', async () => {
    const ask = (rest: string) =>
      api.ask(`mutation { synchronizeMapping(name: "CUSTOMER", key: "null" ${rest}) { id } }`)
    const first = await ask('')
    expect(codesOf(first)).toEqual([])
    expect((await ask(', direction: null')).data).toEqual(first.data)
  })

  test('is forgotten after a day', async () => {
    const first = idOf(await synchronize('old'))
    const em = api.database.em.fork()
    await em.execute(`update idempotency_key set created_at = now() - interval '25 hours'`)
    const second = idOf(await synchronize('old'))
    expect(second).not.toBe(first)
    await em.execute(`update idempotency_key set created_at = now() - interval '25 hours'`)
    await synchronize('new')
    expect(await purgeKeys(em, 100)).toBe(1)
    expect(await em.execute('select key from idempotency_key')).toEqual([{ key: 'new' }])
  })

  test('is not answered to who may not ask for it any more', async () => {
    const { data } = await api.ask<{ createAccessToken: { token: string; accessToken: { id: string } } }>(
      'mutation { createAccessToken(input: { name: "robot", role: OPERATOR }) { token accessToken { id } } }',
    )
    const { token, accessToken } = data.createAccessToken
    idOf(await synchronize('mine', '', token))
    await api.database.em
      .fork()
      .execute(`update access_token set role = 'VIEWER' where id = '${accessToken.id}'`)
    expect(codesOf(await synchronize('mine', '', token))).toEqual(['FORBIDDEN'])
  })

  test.each([
    ['a run', 'synchronizeMapping(name: "CUSTOMER", KEY) { id status mode requestedAt mapping { name } }'],
    ['a plan', 'planMapping(name: "CUSTOMER", KEY) { id status }'],
    ['a full synchronization', 'prepareFullSynch(KEY) { id status lines { mapping { name } } }'],
    ['a reconciliation', 'reconcileMapping(name: "CUSTOMER", KEY) { id status startedAt }'],
    ['a rehearsal', 'rehearseMapping(name: "CUSTOMER", changes: {}, KEY) { id status }'],
    ['several runs', 'retryAllSkippedSynchRecords(KEY) { restored runs { id requestedAt } }'],
    [
      'a selection',
      'synchronizeRecords(couplingIds: ["COUPLING"], direction: MERGE, KEY) { message total runIds records { couplingId outcome } }',
    ],
    ['woken mappings', 'reportChanges(side: LOCAL, table: "customers", KEY) { name connection { name } }'],
    [
      'one of several types',
      'createRecords(mapping: "CUSTOMER", side: LOCAL, ids: ["11111111-1111-4111-8111-111111111111"], KEY) { __typename ... on RecordCreated { id runId } ... on RecordNotCreated { id message runId } }',
    ],
    ['repaired couplings', 'repairCouplings(mapping: "CUSTOMER", KEY) { __typename }'],
  ])('is answered with what it had started: %s', async (_, mutation) => {
    await rows.skipped(mappingId, { couplingId })
    const send = async (key: string): Promise<unknown> => {
      const text = mutation.replace('KEY', `key: "${key}"`).replace('COUPLING', couplingId)
      const { data, errors } = await api.ask(`mutation { ${text} }`)
      expect(errors).toEqual([])
      return data
    }
    const first = await send('one')
    const asked = [api.runControl.started.length, api.runControl.asked.length]
    expect(await send('one')).toEqual(first)
    expect([api.runControl.started.length, api.runControl.asked.length]).toEqual(asked)
  })
})

/** Things that are not begun but are there; of what is begun, what its mutations return. */
const BEGUN = new Set([
  'SynchRun',
  'Plan',
  'FullSynch',
  'Reconciliation',
  'Rehearsal',
  'ConnectionCheck',
  'AlertDelivery',
  'BulkAction',
])
const THERE = new Set(['IntegrationTableMapping', 'Connection', 'DeletionReviewCase', 'AlertChannel'])
/** They act on what was begun already, and asked for again they change nothing more. */
const CONTROLS = /^(?:cancel|pause|resume|acknowledge)[A-Z]/

test('a record within a result is kept as it is told, without the settings of its system', () => {
  const system = { kind: 'BUSINESS_CENTRAL', settings: { companyId: 'x' } } as const
  const ends = { localSystem: system, integrationSystem: system }
  const table = tableOf('BUSINESS_CENTRAL', 'customers')
  const record = referenceTo(table, ends, 'LOCAL', { id: '1', name: 'Adatum' })
  const kept = keepResult(api.database.em, record)
  expect(kept).toMatchObject({ id: '1', name: 'Adatum', side: 'LOCAL', table: 'customers' })
  expect(JSON.stringify(kept)).not.toContain('companyId')
})

test('every mutation that starts work takes a key', () => {
  const schema = buildApiSchema()
  const leadsToWork = (name: string): boolean => {
    const type = schema.getType(name)
    if (BEGUN.has(name)) return true
    if (THERE.has(name) || type === undefined) return false
    const members = 'getTypes' in type ? type.getTypes() : [type]
    return members
      .filter(isObjectType)
      .some((member) =>
        Object.values(member.getFields()).some(
          (field) => /^runIds?$/.test(field.name) || BEGUN.has(getNamedType(field.type).name),
        ),
      )
  }
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {})
  const working = fields.filter(
    ({ name, type }) => leadsToWork(getNamedType(type).name) && !CONTROLS.test(name),
  )
  expect(working.length).toBeGreaterThan(25)
  const without = working.filter(
    ({ args }) =>
      !args.some(({ name, type }) => {
        const input = getNamedType(type)
        return name === 'key' || (isInputObjectType(input) && 'key' in input.getFields())
      }),
  )
  expect(without.map(({ name }) => name)).toEqual([])
})
