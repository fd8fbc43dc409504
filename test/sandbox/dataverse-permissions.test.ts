import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, TestSandbox } from './support.js'
import { errorOf, records, startTestSandbox, text } from './support.js'

let running: TestSandbox
let me: string
let account: string
beforeAll(async () => {
  running = await startTestSandbox({ demo: true })
  me = text((await running.dataverse.get('WhoAmI')).json, 'UserId')
  account = text(records(await running.dataverse.get('accounts?$top=1'))[0] ?? {}, 'accountid')
})
afterAll(() => running.close())
afterEach(async () => {
  for (const name of ['service', 'permissions', 'user', 'exchange-rates'])
    await running.release('dataverse', name)
})

const turn = (name: string, body: object): Promise<void> => running.turn('dataverse', name, body)
const change = (body: object): Promise<Reply> =>
  running.dataverse.call('PATCH', `accounts(${account})`, { body, headers: { 'if-match': '*' } })

describe('who is let in', () => {
  test.each([
    ['no user of the application', 'permissions', { member: false }, '0x80072560'],
    ['a user without roles', 'permissions', { roles: [] }, '0x80042f09'],
    ['a disabled user', 'user', { disabled: true }, '0x80040225'],
    ['an interactive user without a licence', 'user', { accessMode: 0, licensed: false }, '0x8004d24b'],
    ['administration mode', 'service', { administrationMode: true }, '0x8004a113'],
  ])('%s', async (_name, name, body, code) => {
    await turn(name, body)
    expect(errorOf(await running.dataverse.get('WhoAmI'))).toMatchObject({ status: 403, code })
    await running.release('dataverse', name)
    expect((await running.dataverse.get('WhoAmI')).status).toBe(200)
  })

  test('a person goes on working while the application may not', async () => {
    await turn('permissions', { member: false })
    expect((await running.personInDataverse.get('WhoAmI')).status).toBe(200)
  })

  test('tokens for another audience are sent back', async () => {
    await turn('service', { audience: 'https://org.crm.dynamics.com' })
    const reply = await running.dataverse.get('WhoAmI')
    expect(reply.status).toBe(401)
    expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer authorization_uri=/)
  })
})

describe('a privilege that the roles lack', () => {
  const person = { 'ownerid@odata.bind': '' }
  test.each([
    ['prvReadAccount', 'GET', 'accounts?$top=1', undefined],
    ['prvCreateAccount', 'POST', 'accounts', { name: 'New' }],
    ['prvCreateAccount', 'PATCH', `accounts(${randomUUID()})`, { name: 'New' }, { 'if-none-match': '*' }],
    ['prvWriteAccount', 'PATCH', 'accounts(ID)', { name: 'Other' }],
    ['prvDeleteAccount', 'DELETE', 'accounts(ID)', undefined],
    ['prvAssignAccount', 'PATCH', 'accounts(ID)', person],
    ['prvAppendAccount', 'PATCH', 'accounts(ID)', { 'parentaccountid@odata.bind': '/accounts(ID)' }],
    ['prvAppendToAccount', 'PATCH', 'accounts(ID)', { 'parentaccountid@odata.bind': '/accounts(ID)' }],
  ])('%s is named', async (privilege, method, path, body, headers?: Readonly<Record<string, string>>) => {
    await turn('permissions', { without: [privilege] })
    const filled = JSON.stringify(body === person ? { 'ownerid@odata.bind': `/systemusers(${me})` } : body)
    const sent = body === undefined ? {} : { text: filled.replaceAll('ID)', `${account})`) }
    const reply = await running.dataverse.call(method, path.replace('ID', account), {
      ...sent,
      ...(headers && { headers }),
    })
    const { status, code, message } = errorOf(reply)
    expect([status, code]).toEqual([403, '0x80040220'])
    expect(message).toMatch(
      new RegExp(
        `^Principal user \\(Id=${me}, type=8, roleCount=1, privilegeCount=\\d+, accessMode=4\\), is missing ${privilege} privilege \\(Id=[0-9a-f-]{36}\\) on OTC=1 for entity 'account'`,
      ),
    )
  })

  test('is missing from the list of privileges, unless the user is a system administrator', async () => {
    const mine = async (): Promise<string[]> => {
      const reply = await running.dataverse.get(
        `systemusers(${me})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`,
      )
      return (reply.json['RolePrivileges'] as { PrivilegeName: string }[]).map((entry) => entry.PrivilegeName)
    }
    expect(await mine()).toContain('prvWriteAccount')
    await turn('permissions', { without: ['prvWriteAccount'] })
    expect(await mine()).not.toContain('prvWriteAccount')
    await turn('permissions', { roles: ['System Administrator'] })
    expect(await mine()).toContain('prvWriteAccount')
    expect((await change({ telephone1: '030-1' })).status).toBe(204)
  })
})

test('acting for somebody else is a privilege of its own', async () => {
  const person = text((await running.personInDataverse.get('WhoAmI')).json, 'UserId')
  const asPerson = (): Promise<Reply> => running.dataverse.get('WhoAmI', { mscrmcallerid: person })
  expect((await asPerson()).json).toMatchObject({ UserId: person })
  await turn('permissions', { without: ['prvActOnBehalfOfAnotherUser'] })
  expect(errorOf(await asPerson()).message).toContain('is missing prvActOnBehalfOfAnotherUser privilege')
  expect((await running.dataverse.get('WhoAmI')).status).toBe(200)
})

describe('users tell what they are', () => {
  test('roles of their own and of their teams, with the templates they come from', async () => {
    await turn('permissions', { roles: ['Accord Integration'], teamRoles: ['System Administrator'] })
    const expand =
      '$select=fullname,accessmode&$expand=systemuserroles_association($select=name),teammembership_association($select=name;$expand=teamroles_association($select=name,_roletemplateid_value))'
    expect((await running.dataverse.get(`systemusers(${me})?${expand}`)).json).toMatchObject({
      accessmode: 4,
      systemuserroles_association: [{ name: 'Accord Integration' }],
      teammembership_association: [
        {
          name: 'Northwind Sales',
          teamroles_association: [{ _roletemplateid_value: '627090ff-40a3-4053-8790-584edc5be201' }],
        },
      ],
    })
    const direct = await running.dataverse.get(`systemusers(${me})/systemuserroles_association?$select=name`)
    expect(records(direct)).toMatchObject([{ name: 'Accord Integration' }])
    const templates = `roles?$filter=_roletemplateid_value eq 627090ff-40a3-4053-8790-584edc5be201&$select=name`
    expect(records(await running.dataverse.get(templates))).toMatchObject([{ name: 'System Administrator' }])
  })

  test('there may be two of one application', async () => {
    const { clientId } = running.sandbox
    const sameApplication = async (): Promise<number> =>
      records(await running.dataverse.get(`systemusers?$filter=applicationid eq ${clientId}`)).length
    await turn('user', { twice: true })
    expect(await sameApplication()).toBe(2)
    running = await running.restart()
    expect(text((await running.dataverse.get('WhoAmI')).json, 'UserId')).toBe(me)
    await running.release('dataverse', 'user')
    expect(await sameApplication()).toBe(1)
  })

  test('an administrative user sees no accounts, one who may only read changes nothing', async () => {
    await turn('user', { accessMode: 1 })
    expect(errorOf(await running.dataverse.get('accounts'))).toMatchObject({
      status: 403,
      code: '0x80040220',
    })
    expect((await running.dataverse.get('systemusers?$top=1')).status).toBe(200)
    await turn('user', { accessMode: 2 })
    expect((await running.dataverse.get('accounts?$top=1')).status).toBe(200)
    expect(errorOf(await change({ fax: '1' }))).toMatchObject({ status: 403, code: '0x80041d40' })
  })
})

describe('tables and columns', () => {
  test('changes of a table are not tracked', async () => {
    await turn('service', { untracked: ['accounts'] })
    const definition = await running.dataverse.get(
      `EntityDefinitions(LogicalName='account')?$select=ChangeTrackingEnabled`,
    )
    expect(definition.json).toMatchObject({ ChangeTrackingEnabled: false })
    const tracked = await running.dataverse.get('accounts?$select=name', { prefer: 'odata.track-changes' })
    expect(errorOf(tracked)).toMatchObject({ status: 400, code: '0x80060888' })
    expect((await running.dataverse.get('contacts', { prefer: 'odata.track-changes' })).status).toBe(200)
  })

  test('a secured column is blank and cannot be written', async () => {
    expect((await change({ creditlimit: 1000 })).status).toBe(204)
    await turn('permissions', { securedColumns: ['account.creditlimit'] })
    const read = await running.dataverse.get(`accounts(${account})?$select=name,creditlimit`)
    expect(read.json).toMatchObject({ creditlimit: null, accountid: account })
    expect(errorOf(await change({ creditlimit: 2000 }))).toMatchObject({ status: 403, code: '0x8004f506' })
    await running.release('dataverse', 'permissions')
    expect((await running.dataverse.get(`accounts(${account})`)).json).toMatchObject({ creditlimit: 1000 })
  })

  test('the exchange rate of a currency is missing until the switch is cleared', async () => {
    const rate = async (): Promise<unknown> =>
      records(await running.dataverse.get(`transactioncurrencies?$filter=isocurrencycode eq 'EUR'`))[0]?.[
        'exchangerate'
      ]
    const before = await rate()
    await turn('exchange-rates', { currency: 'EUR', rate: null })
    expect(await rate()).toBe(null)
    await running.release('dataverse', 'exchange-rates')
    expect(await rate()).toBe(before)
  })
})
