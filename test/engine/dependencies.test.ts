import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counted, Scenario } from '../support/scenario.js'
import { Gate, landedOn } from './support/gate.js'

type Row = Readonly<Record<string, unknown>>

interface Group {
  readonly waiting: number
  readonly coupledThrough: readonly string[]
  readonly requestedAt: string | null
  readonly mapping: { readonly name: string }
  readonly missingRecord: { readonly id: string; readonly side: string; readonly tableCaption: string } | null
}

const CONTACTS = 3
/** Of one account. */
const MANY = 138

describe('records that wait for another one', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start({ mappings: 'all', quiet: false })
    const inOrder = [
      'SALESPEOPLE',
      'CURRENCY',
      'PAYMENT TERMS',
      'SHIPMENT METHOD',
      'CUSTOMER',
      'VENDOR',
      'CONTACT',
    ]
    for (const name of inOrder) await demo.synchronize(name)
  })
  afterAll(() => demo.stop())

  const createContact = async (accountId: string, firstname: string): Promise<string> => {
    const { contactid } = await demo.person.send(
      'POST',
      `${demo.engine.sandbox.dataverse.url}/contacts`,
      {
        firstname,
        lastname: 'Waiting',
        'parentcustomerid_account@odata.bind': `/accounts(${accountId})`,
      },
      { prefer: 'return=representation' },
    )
    return String(contactid)
  }
  const createContacts = async (accountId: string, count = CONTACTS): Promise<readonly string[]> => {
    const ids: string[] = []
    for (let index = 0; index < count; index += 1)
      ids.push(await createContact(accountId, `${accountId.slice(0, 4)} ${index}`))
    return ids
  }
  const groups = async (): Promise<readonly Group[]> => {
    const { dependencyGroups } = await demo.ask<{ dependencyGroups: readonly Group[] }>(
      `{ dependencyGroups(mapping: "CONTACT") { waiting coupledThrough requestedAt mapping { name }
        missingRecord { id side tableCaption } } }`,
    )
    return dependencyGroups
  }
  /** Of contacts whose account is missing. */
  const errorGroup = async (state: string): Promise<Row | undefined> => {
    const { errorGroups } = await demo.ask<{ errorGroups: { nodes: readonly Row[] } }>(
      `query ($state: ErrorGroupState!) {
        errorGroups(filter: { mapping: "CONTACT", errorClass: [DEPENDENCY_MISSING], state: [$state] }, orderBy: OPEN_DESC) {
          nodes { openCount recordsHeld remedy } } }`,
      { state },
    )
    return errorGroups.nodes[0]
  }
  const coupled = async (contactIds: readonly string[]): Promise<number> => {
    const { couplings } = await demo.ask<{ couplings: { nodes: readonly Row[] } }>(
      `{ couplings(first: 500, filter: { mapping: "CONTACT" }) { nodes { integrationRecord { id } } } }`,
    )
    const ids = new Set(couplings.nodes.map((node) => (node['integrationRecord'] as Row)['id']))
    return contactIds.filter((id) => ids.has(id)).length
  }

  test('a missing account of a mapping they depend on is synchronized first, then they at once, without another run', async () => {
    const account = await demo.person.createAccount({ name: 'Pulled Along', customertypecode: 3 })
    const contacts = await createContacts(String(account['accountid']))
    const run = await demo.synchronize('CONTACT')
    expect(counted(run, 'FROM')).toMatchObject({ failed: CONTACTS })
    await demo.until(
      () => coupled(contacts),
      (count) => count === CONTACTS,
      'the contacts to be coupled',
    )
    expect(await demo.person.customerNamed('Pulled Along')).not.toBeNull()
    expect(await groups()).toEqual([])
    expect(
      await demo.errors({ mapping: 'CONTACT', status: 'OPEN', errorClass: ['DEPENDENCY_MISSING'] }),
    ).toEqual([])
  })

  test('a missing account outside the scope of its mapping is told once for all; a run asks for it once', async () => {
    // A competitor is no customer: CUSTOMER leaves it alone.
    const account = await demo.person.createAccount({ name: 'No Customer', customertypecode: 1 })
    const accountId = String(account['accountid'])
    const contacts = await createContacts(accountId, MANY)
    await demo.synchronize('CONTACT')
    const waiting = await demo.until(
      groups,
      ([group]) => (group?.requestedAt ?? null) !== null,
      'the account to be asked for',
    )
    expect(waiting).toMatchObject([
      {
        waiting: MANY,
        mapping: { name: 'CONTACT' },
        missingRecord: { id: accountId, side: 'INTEGRATION', tableCaption: 'Account' },
      },
    ])
    expect(await errorGroup('OPEN')).toMatchObject({ openCount: MANY, recordsHeld: MANY })
    const before = await runsByDependency()
    expect(counted(await demo.synchronize('CONTACT'), 'FROM')['retried']).toBeUndefined()
    expect(await runsByDependency()).toBe(before)
    expect(await coupled(contacts)).toBe(0)

    // Released by whoever couples it: here a run of CUSTOMER, after the account was given its type.
    await demo.person.editAccount(accountId, { customertypecode: 3 })
    await demo.synchronize('CUSTOMER')
    await demo.until(
      () => coupled(contacts),
      (count) => count === MANY,
      'the contacts to be coupled',
    )
    expect(await groups()).toEqual([])
    expect(await errorGroup('OPEN')).toBeUndefined()
    expect(await errorGroup('RESOLVED')).toMatchObject({ openCount: 0, recordsHeld: 0 })
  })

  test('who is uncoupled takes his contacts along, and nobody else: their records stay, and no run misses the other', async () => {
    const [ours, other] = [
      await demo.person.createAccount({ name: 'Leaving', customertypecode: 3 }),
      await demo.person.createAccount({ name: 'Staying', customertypecode: 3 }),
    ]
    await demo.synchronize('CUSTOMER')
    const contacts = await createContacts(String(ours['accountid']))
    const others = await createContacts(String(other['accountid']))
    await demo.synchronize('CONTACT')
    expect([await coupled(contacts), await coupled(others)]).toEqual([CONTACTS, CONTACTS])
    const { couplings } = await demo.ask<{ couplings: { nodes: readonly Row[] } }>(
      `query ($id: ID!) { couplings(filter: { mapping: "CUSTOMER", integrationId: $id }) { nodes { id } } }`,
      { id: String(ours['accountid']) },
    )
    const uncouple = async () => {
      const { deleteCouplings } = await demo.ask<{
        deleteCouplings: { removed: number; busy: number; runIds: string[] }
      }>(`mutation ($ids: [ID!]) { deleteCouplings(ids: $ids) { removed busy runIds } }`, {
        ids: couplings.nodes.map(({ id }) => id),
      })
      return deleteCouplings
    }
    {
      await demo.person.editAccount(String(ours['accountid']), { telephone1: '0981-2' })
      await using gate = await Gate.shut(demo.engine, landedOn('LOCAL'))
      const run = await demo.request()
      await gate.reached()
      // A write of it is under way, so it stays, and what belongs to it too.
      expect(await uncouple()).toMatchObject({ removed: 0, busy: 1 })
      expect(await coupled(contacts)).toBe(CONTACTS)
      await gate.open()
      await demo.ended(run.id)
    }
    const deleteCouplings = await uncouple()
    expect(deleteCouplings).toMatchObject({ removed: 1 + CONTACTS })
    expect(deleteCouplings.runIds).toHaveLength(2)
    expect([await coupled(contacts), await coupled(others)]).toEqual([0, CONTACTS])
    for (const id of contacts)
      expect(
        (await demo.person.send('GET', `${demo.engine.sandbox.dataverse.url}/contacts(${id})`, null))[
          'lastname'
        ],
      ).toBe('Waiting')
  })

  const runsByDependency = async (): Promise<number> => {
    const { synchRuns } = await demo.ask<{ synchRuns: readonly Row[] }>(
      `{ synchRuns(first: 500) { requestedBy } }`,
    )
    return synchRuns.filter((run) => run['requestedBy'] === 'dependency').length
  }
})
