import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Entity, TestSandbox } from './support.js'
import { records, startTestSandbox, text } from './support.js'

let running: TestSandbox
let customers: Entity[] = []
let accounts: Entity[] = []
beforeAll(async () => {
  running = await startTestSandbox({ demo: true })
  customers = records(await running.businessCentral.get('customers'))
  accounts = records(await running.dataverse.get('accounts'))
})
afterAll(() => running.close())

/** The bidirectional fields of the default customer mapping that hold text. */
const PAIRS = [
  ['displayName', 'name'],
  ['addressLine1', 'address1_line1'],
  ['addressLine2', 'address1_line2'],
  ['postalCode', 'address1_postalcode'],
  ['city', 'address1_city'],
  ['country', 'address1_country'],
  ['state', 'address1_stateorprovince'],
  ['email', 'emailaddress1'],
  ['website', 'websiteurl'],
  ['phoneNumber', 'telephone1'],
] as const

function partner(account: Entity): Entity {
  const found = customers.filter((customer) =>
    account['accountnumber'] === null
      ? customer['displayName'] === account['name']
      : customer['number'] === account['accountnumber'],
  )
  expect(found).toHaveLength(1)
  return found[0] ?? {}
}

describe('the demo', () => {
  test('91 customers, 60 accounts, 15 of them known by name alone', () => {
    expect(customers).toHaveLength(91)
    expect(accounts).toHaveLength(60)
    expect(accounts.filter((account) => account['accountnumber'] === null)).toHaveLength(15)
    expect(accounts.every((account) => account['customertypecode'] === 3 && account['statecode'] === 0)).toBe(
      true,
    )
    expect(new Set(accounts.map((account) => partner(account)['number'])).size).toBe(60)
    expect(customers.find((customer) => customer['number'] === 'ALFKI')).toMatchObject({
      displayName: 'Alfreds Futterkiste',
      country: 'DE',
      currencyCode: 'EUR',
    })
  })

  test('five accounts differ in one field, the others are equal or blank on one side', () => {
    const differing: string[] = []
    let blanks = 0
    for (const account of accounts) {
      const customer = partner(account)
      for (const [local, integration] of PAIRS) {
        const [ours, theirs] = [customer[local] ?? '', account[integration] ?? '']
        if (ours === theirs) continue
        if (ours === '' || theirs === '') blanks += 1
        else differing.push(text(customer, 'number'))
      }
    }
    expect(differing).toHaveLength(5)
    expect(new Set(differing).size).toBe(5)
    expect(blanks).toBeGreaterThanOrEqual(4)
  })

  test('currencies agree where both systems have them', async () => {
    const currencies = records(await running.dataverse.get('transactioncurrencies'))
    expect(currencies.map((currency) => currency['isocurrencycode']).sort()).toEqual(['EUR', 'GBP', 'USD'])
    const codeOf = new Map(
      currencies.map((currency) => [currency['transactioncurrencyid'], currency['isocurrencycode']]),
    )
    for (const account of accounts) {
      const code = text(partner(account), 'currencyCode')
      const known = [...codeOf.values()].includes(code)
      expect(codeOf.get(account['_transactioncurrencyid_value'] as string) ?? null).toBe(known ? code : null)
    }
    const local = records(await running.businessCentral.get('currencies'))
    expect(local.map((currency) => currency['code'])).not.toContain('USD')
    expect(records(await running.businessCentral.get('currencyExchangeRates'))).toHaveLength(local.length)
  })

  test('the employees are users, and one user is disabled, one without licence; there is nothing to sell yet', async () => {
    const people = records(await running.dataverse.get('systemusers')).filter(
      (user) => user['applicationid'] === null,
    )
    expect(people).toHaveLength(11)
    expect(people.filter((user) => user['isdisabled'] === true)).toHaveLength(1)
    expect(people.filter((user) => user['islicensed'] === false)).toHaveLength(1)
    expect(people.every((user) => text(user, 'mobilephone') !== '' && user['accessmode'] === 0)).toBe(true)
    expect(people.map((user) => user['fullname'])).toContain('Nancy Davolio')
    expect(records(await running.dataverse.get('products'))).toEqual([])
    expect(records(await running.dataverse.get('contacts'))).toEqual([])
    const schedules = records(await running.dataverse.get('uomschedules'))
    expect(schedules.map((schedule) => schedule['name'])).toEqual(['Default Unit'])
    expect(accounts.every((account) => account['_owninguser_value'] === account['_ownerid_value'])).toBe(true)
  })

  test('everything was there before: stamps lie ten minutes and more in the past', () => {
    const latest = Date.now() - 10 * 60 * 1000
    for (const customer of customers)
      expect(Date.parse(text(customer, 'lastModifiedDateTime'))).toBeLessThan(latest)
    for (const account of accounts) expect(Date.parse(text(account, 'modifiedon'))).toBeLessThan(latest)
  })

  test('a restart fills nothing again', async () => {
    for (const customer of customers.slice(0, 5)) {
      await running.businessCentral.call('DELETE', `customers(${text(customer, 'id')})`)
    }
    running = await running.restart()
    expect(records(await running.businessCentral.get('customers'))).toHaveLength(86)
    expect(records(await running.dataverse.get('accounts'))).toHaveLength(60)
  })
})

test('generated customers have names and numbers of their own', async () => {
  const filled = await startTestSandbox({ customers: 3000 })
  try {
    const generated = records(await filled.businessCentral.get('customers'))
    expect(generated).toHaveLength(3000)
    expect(new Set(generated.map((customer) => customer['number'])).size).toBe(3000)
    expect(new Set(generated.map((customer) => customer['displayName'])).size).toBe(3000)
    expect(
      generated.every(
        (customer) => Date.parse(text(customer, 'lastModifiedDateTime')) < Date.now() - 10 * 60 * 1000,
      ),
    ).toBe(true)
    expect(records(await filled.dataverse.get('accounts'))).toHaveLength(0)
  } finally {
    await filled.close()
  }
})
