import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Entity, Reply, TestSandbox } from './support.js'
import { errorOf, records, startTestSandbox, text } from './support.js'

let running: TestSandbox
let businessUnit = ''
let me = ''
beforeAll(async () => {
  running = await startTestSandbox()
  const identity = (await running.dataverse.get('WhoAmI')).json
  businessUnit = text(identity, 'BusinessUnitId')
  me = text(identity, 'UserId')
})
afterAll(() => running.close())

const representation = { prefer: 'return=representation' }
const post = (set: string, body: unknown): Promise<Reply> =>
  running.dataverse.call('POST', set, { body, headers: representation })
const create = async (set: string, body: unknown): Promise<Entity> => {
  const reply = await post(set, body)
  if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`)
  return reply.json
}
const patch = (path: string, body: unknown): Promise<Reply> =>
  running.dataverse.call('PATCH', path, { body, headers: representation })
const createUser = async (rest: Record<string, unknown> = {}): Promise<string> =>
  text(
    await create('systemusers', {
      firstname: 'Ada',
      lastname: 'Byron',
      'businessunitid@odata.bind': `/businessunits(${businessUnit})`,
      ...rest,
    }),
    'systemuserid',
  )
const createTeam = async (): Promise<string> =>
  text(
    await create('teams', { name: 'North', 'businessunitid@odata.bind': `/businessunits(${businessUnit})` }),
    'teamid',
  )
const annotated = { prefer: 'odata.include-annotations="*"' }

describe('owners', () => {
  test('the caller owns what it creates, unless it names a user or a team', async () => {
    const [user, team] = [await createUser(), await createTeam()]
    const account = await create('accounts', { name: 'Owned' })
    expect(account).toMatchObject({
      _ownerid_value: me,
      _owninguser_value: me,
      _owningteam_value: null,
      _owningbusinessunit_value: businessUnit,
    })
    const path = `accounts(${text(account, 'accountid')})`
    const byUser = await patch(path, { 'ownerid@odata.bind': `/systemusers(${user})` })
    expect(byUser.json).toMatchObject({ _ownerid_value: user, _owninguser_value: user })
    const byTeam = await patch(path, { 'ownerid@odata.bind': `/teams(${team})` })
    expect(byTeam.json).toMatchObject({
      _ownerid_value: team,
      _owninguser_value: null,
      _owningteam_value: team,
    })
    expect((await running.dataverse.get(`${path}?$select=_ownerid_value`, annotated)).json).toMatchObject({
      _ownerid_value: team,
      '_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'team',
    })
    expect(
      await create('contacts', { lastname: 'C', 'ownerid@odata.bind': `/teams(${team})` }),
    ).toMatchObject({
      _ownerid_value: team,
    })
    expect(errorOf(await running.dataverse.call('DELETE', `teams(${team})`)).code).toBe('0x80040227')
  })

  test('there is always one, and it can sign in', async () => {
    const path = `accounts(${text(await create('accounts', { name: 'Owned' }), 'accountid')})`
    expect(errorOf(await patch(path, { 'ownerid@odata.bind': null })).status).toBe(400)
    expect(errorOf(await patch(path, { 'ownerid@odata.bind': `/accounts(${me})` })).status).toBe(400)
    expect(
      errorOf(await patch(path, { 'ownerid@odata.bind': `/systemusers(${randomUUID()})` })),
    ).toMatchObject({
      status: 404,
      code: '0x80040217',
    })
    const former = await createUser({ isdisabled: true })
    expect(errorOf(await patch(path, { 'ownerid@odata.bind': `/systemusers(${former})` }))).toMatchObject({
      status: 403,
      code: '0x80040225',
    })
  })
})

describe('users', () => {
  test('their name is made of its parts; they are changed, found and tracked', async () => {
    const first = await running.dataverse.get('systemusers?$select=fullname', {
      prefer: 'odata.track-changes',
    })
    const user = await createUser({ internalemailaddress: 'ada@example.com', islicensed: true })
    const path = `systemusers(${user})`
    const changed = await patch(path, { lastname: 'Lovelace', mobilephone: '0171', islicensed: false })
    expect(changed.json).toMatchObject({
      fullname: 'Ada Lovelace',
      mobilephone: '0171',
      islicensed: false,
      isdisabled: false,
      accessmode: 0,
      applicationid: null,
    })
    expect(errorOf(await patch(path, { fullname: 'Other' })).status).toBe(400)
    expect(records(await running.dataverse.get(text(first.json, '@odata.deltaLink')))).toEqual([
      expect.objectContaining({ systemuserid: user, fullname: 'Ada Lovelace' }),
    ])
    const salespeople = records(
      await running.dataverse.get(
        'systemusers?$filter=isdisabled eq false and islicensed eq true and isintegrationuser eq false',
      ),
    )
    expect(salespeople.map((person) => person['systemuserid'])).not.toContain(user)
    expect(salespeople.map((person) => person['systemuserid'])).not.toContain(me)
  })

  test('only a disabled one can be deleted', async () => {
    const path = `systemusers(${await createUser()})`
    expect((await running.dataverse.call('DELETE', path)).status).toBe(405)
    const disabled = await patch(path, { isdisabled: true })
    const headers = { 'if-match': text(disabled.json, '@odata.etag') }
    expect((await running.dataverse.call('DELETE', path, { headers })).status).toBe(204)
    expect((await running.dataverse.get(path)).status).toBe(404)
  })

  test('one that acts for an application keeps its access mode and its application', async () => {
    const applicationid = randomUUID()
    const user = await createUser({ applicationid })
    expect((await running.dataverse.get(`systemusers(${user})`)).json).toMatchObject({
      accessmode: 4,
      applicationid,
    })
    expect((await patch(`systemusers(${user})`, { accessmode: 0 })).status).toBe(400)
    expect((await patch(`systemusers(${user})`, { applicationid: randomUUID() })).status).toBe(400)
    expect(
      (
        await post('systemusers', {
          applicationid,
          'businessunitid@odata.bind': `/businessunits(${businessUnit})`,
        })
      ).status,
    ).toBe(412)
  })

  test('a disabled one is let in no more, until it is enabled', async () => {
    const person = text((await running.personInDataverse.get('WhoAmI')).json, 'UserId')
    await patch(`systemusers(${person})`, { isdisabled: true })
    expect(errorOf(await running.personInDataverse.get('accounts'))).toMatchObject({
      status: 403,
      code: '0x80040225',
    })
    await patch(`systemusers(${person})`, { isdisabled: false })
    expect((await running.personInDataverse.get('accounts')).status).toBe(200)
  })
})

describe('the customer of a contact', () => {
  test('is an account or a contact, and leaves when that goes', async () => {
    const account = text(await create('accounts', { name: 'Parent' }), 'accountid')
    const parent = text(await create('contacts', { lastname: 'Parent' }), 'contactid')
    const child = await create('contacts', {
      lastname: 'Child',
      pager: '77',
      'parentcustomerid_account@odata.bind': `/accounts(${account})`,
    })
    const path = `contacts(${text(child, 'contactid')})`
    expect(child).toMatchObject({ _parentcustomerid_value: account, _accountid_value: account, pager: '77' })
    const moved = await patch(path, {
      'parentcustomerid_contact@odata.bind': `/contacts(${parent})`,
      'parentcustomerid_account@odata.bind': null,
    })
    expect(moved.json).toMatchObject({
      _parentcustomerid_value: parent,
      _accountid_value: null,
      _parentcontactid_value: parent,
    })
    expect(
      (await running.dataverse.get(`${path}?$select=_parentcustomerid_value,_accountid_value`, annotated))
        .json,
    ).toEqual({
      '@odata.context': expect.any(String) as string,
      '@odata.etag': moved.json['@odata.etag'],
      contactid: child['contactid'],
      _parentcustomerid_value: parent,
      '_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'contact',
      '_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty':
        'parentcustomerid_contact',
      _accountid_value: null,
    })
    await running.dataverse.call('DELETE', `contacts(${parent})`)
    expect((await running.dataverse.get(path)).json).toMatchObject({
      _parentcustomerid_value: null,
      _parentcontactid_value: null,
    })
    const again = await patch(path, { 'parentcustomerid_account@odata.bind': `/accounts(${account})` })
    expect(again.json['_accountid_value']).toBe(account)
    expect((await patch(path, { parentcustomerid_account: null })).json['_parentcustomerid_value']).toBeNull()
  })
})
