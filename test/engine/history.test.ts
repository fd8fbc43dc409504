import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reasonOf } from '../../src/domain/write.js'
import { run as execute, sql } from '../../src/persistence/sql.js'
import { purgeWrites } from '../../src/persistence/queries/history.js'
import { Scenario, type Pair } from '../support/scenario.js'

interface Write {
  readonly id: string
  readonly side: string
  readonly kind: string
  readonly row: string
  readonly fields: readonly string[]
  readonly before: readonly unknown[] | null
  readonly after: readonly unknown[] | null
  readonly lost: readonly string[] | null
  readonly source: Readonly<Record<string, unknown>> | null
  readonly local_name: string | null
  readonly integration_name: string | null
  readonly requested_by: string
  readonly mapping_version: number
  readonly version_before: string | null
  readonly version_after: string | null
}

describe('the history of writes', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  const writes = (pair: Pair) =>
    execute<Write>(
      demo.engine.database.em.fork(),
      sql`select id, side, kind, decision_row as row, fields, before, after, lost, source, local_name, integration_name, requested_by,
            mapping_version, version_before, version_after
          from record_write where local_id = ${pair.customerId} order by at`,
    )
  /** A pair of which the account was created by the first run. */
  const createdPair = async (): Promise<Pair> => {
    for (;;) {
      const pair = await demo.pair()
      if ((await writes(pair))[0]?.kind === 'CREATE') return pair
    }
  }
  /** What one write did, by field. */
  const changed = (write: Write | undefined) =>
    Object.fromEntries(
      (write?.fields ?? []).map((field, place) => [
        field,
        { before: write?.before?.[place] ?? null, after: write?.after?.[place] ?? null },
      ]),
    )

  test('a creation: every value that was written, beside what the source held', async () => {
    const pair = await createdPair()
    const { customer, account } = await demo.records(pair)
    const { version } = await demo.engine.mapping('CUSTOMER')

    const [creation, ...others] = await writes(pair)

    expect(others).toEqual([])
    expect(creation).toMatchObject({
      side: 'INTEGRATION',
      kind: 'CREATE',
      row: '9',
      before: null,
      lost: null,
      local_name: customer?.['displayName'],
      integration_name: customer?.['displayName'],
      requested_by: 'local',
      mapping_version: version,
      version_before: null,
      version_after: account?.['@odata.etag'],
      source: { displayName: customer?.['displayName'], number: customer?.['number'] },
    })
    expect(changed(creation)).toMatchObject({
      name: { before: null, after: customer?.['displayName'] },
      address1_city: { before: null, after: customer?.['city'] },
    })
  })

  test('an update: the fields that were written alone, with both versions; why and by whom', async () => {
    const pair = await demo.pair()
    const [customerBefore, accountBefore] = await demo.versions(pair)
    const { account } = await demo.records(pair)
    await demo.person.editCustomer(pair.customerId, { city: 'Bergen' })
    await demo.synchronize()

    const update = (await writes(pair)).at(-1)

    expect(update).toMatchObject({
      side: 'INTEGRATION',
      kind: 'UPDATE',
      row: '14',
      lost: null,
      version_before: accountBefore,
      version_after: (await demo.versions(pair))[1],
      source: { city: 'Bergen' },
    })
    expect(customerBefore).not.toBe((await demo.versions(pair))[0])
    expect(changed(update)).toEqual({
      address1_city: { before: account?.['address1_city'] ?? null, after: 'Bergen' },
    })
    expect(reasonOf(update?.row ?? '')).toMatch(/Only one of the two records was changed/)
  })

  test('a conflict that a person decides: what lost is told as lost', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Aarhus' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Odense' })
    await demo.synchronize()
    const skipped = await demo.skipped(pair)
    await demo.resolve(skipped?.id ?? '', 'LOCAL')

    const resolved = (await writes(pair)).at(-1)

    expect(resolved).toMatchObject({ side: 'INTEGRATION', row: 'resolved', lost: ['address1_city'] })
    expect(changed(resolved)['address1_city']).toEqual({ before: 'Odense', after: 'Aarhus' })
  })

  test('old writes are deleted, but not what lost in a conflict that still waits for a person', async () => {
    const pair = await demo.pair()
    const other = await demo.pair()
    const customers = [pair.customerId, other.customerId]
    for (const { customerId, accountId } of [pair, other]) {
      await demo.person.editCustomer(customerId, { city: 'Turku' })
      await demo.person.editAccount(accountId, { address1_city: 'Vaasa' })
    }
    await demo.synchronize()
    for (const one of [pair, other]) await demo.resolve((await demo.skipped(one))?.id ?? '', 'LOCAL')
    await demo.person.editCustomer(pair.customerId, { city: 'Kotka' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Hamina' })
    await demo.synchronize()
    expect(await demo.skipped(pair)).toMatchObject({ errorClass: 'CONFLICT' })
    const em = demo.engine.database.em.fork()
    await execute(
      em,
      sql`update record_write set at = at - interval '10 days' where local_id = any(${customers})`,
    )

    expect(await purgeWrites(em, 11, 100)).toBe(0)
    while ((await purgeWrites(em, 9, 2)) > 0);

    expect(await writes(other)).toEqual([])
    expect((await writes(pair)).map(({ row, lost }) => ({ row, lost }))).toEqual([
      { row: 'resolved', lost: ['address1_city'] },
    ])
  })
})
