import type { GraphQLInputType } from 'graphql/index.js'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { getNamedType, isInputObjectType } from '../../src/api/graphql.js'
import { buildApiSchema } from '../../src/api/schema.js'
import { admitUser } from '../../src/persistence/users.js'
import { startTestApi, type Answer, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_seen_versions')
  rows = new Rows(api.database)
})
beforeEach(async () => {
  await api.reset()
  await api.database.em.fork().execute('truncate alert_rule, alert_channel cascade')
})
afterAll(() => api.close())

/** Something that two people look at: how one version of it is told, and how each changes it, on the version `$version`. */
interface Edited {
  readonly make: () => Promise<string>
  readonly read: (id: string) => string
  readonly first: (id: string, version: number) => string
  readonly second: readonly ((id: string, version: number) => string)[]
}

const settings =
  '{ url: "http://127.0.0.1:7009/api/v2.0", companyId: "11111111-1111-4111-8111-111111111111", signIn: { kind: "none" } }'
const channelInput = (name: string): string =>
  `{ name: "${name}", kind: WEBHOOK, url: "https://example.com/hook" }`
const ruleInput = (name: string): string => `{ name: "${name}", kind: RUN_FAILED, channelIds: [] }`

const made = async (mutation: string): Promise<string> => {
  const { data, errors } = await api.ask<{ made: { id?: string; channel?: { id: string } } }>(
    `mutation { made: ${mutation} }`,
  )
  expect(errors).toEqual([])
  return data.made.id ?? data.made.channel?.id ?? 'none'
}

const EDITED: Readonly<Record<string, Edited>> = {
  connection: {
    make: () => rows.connection({ disabledAt: new Date() }),
    read: () => 'connection(name: "Contoso") { version }',
    first: (_, version) =>
      `updateConnection(name: "Contoso", version: ${version}, input: { localSettings: ${settings} }) { version }`,
    second: [
      (_, version) =>
        `updateConnection(name: "Contoso", version: ${version}, input: { name: "Other" }) { version }`,
      (_, version) => `enableConnection(name: "Contoso", version: ${version}, force: "test") { version }`,
      (_, version) => `disableConnection(name: "Contoso", version: ${version}) { version }`,
      (_, version) => `deleteConnection(name: "Contoso", version: ${version}, confirm: true) { name }`,
    ],
  },
  mapping: {
    make: () => rows.mapping(),
    read: () => 'integrationTableMapping(name: "CUSTOMER") { version }',
    first: (_, version) =>
      `updateIntegrationTableMapping(name: "CUSTOMER", version: ${version}, input: { synchOnlyCoupledRecords: false }) { version }`,
    second: [
      (_, version) =>
        `updateIntegrationTableMapping(name: "CUSTOMER", version: ${version}, input: { synchOnlyCoupledRecords: true }) { version }`,
      (_, version) =>
        `removeIntegrationFieldMapping(name: "CUSTOMER", version: ${version}, field: "x") { version }`,
      (_, version) =>
        `deleteIntegrationTableMapping(name: "CUSTOMER", version: ${version}, confirm: true) { name }`,
    ],
  },
  'alert channel': {
    make: () => made(`createAlertChannel(input: ${channelInput('Duty')}) { channel { id } }`),
    read: () => 'alertChannels { version }',
    first: (id, version) =>
      `updateAlertChannel(id: "${id}", version: ${version}, input: ${channelInput('Day')}) { version }`,
    second: [
      (id, version) =>
        `updateAlertChannel(id: "${id}", version: ${version}, input: ${channelInput('Night')}) { version }`,
      (id, version) => `deleteAlertChannel(id: "${id}", version: ${version})`,
    ],
  },
  'alert rule': {
    make: () => made(`createAlertRule(input: ${ruleInput('Failed')}) { id }`),
    read: () => 'alertRules { version }',
    first: (id, version) =>
      `updateAlertRule(id: "${id}", version: ${version}, input: ${ruleInput('Broken')}) { version }`,
    second: [
      (id, version) =>
        `updateAlertRule(id: "${id}", version: ${version}, input: ${ruleInput('Gone')}) { version }`,
      (id, version) => `deleteAlertRule(id: "${id}", version: ${version})`,
    ],
  },
  user: {
    make: async () => {
      const claimed = { issuer: 'https://login.example.com', subject: '1', name: 'Anna', email: null }
      const known = { ...claimed, isEmailVerified: false, role: null, isRoleTold: true }
      return (await admitUser(api.database.em.fork(), known, 12)).id
    },
    read: () => 'users { nodes { version } }',
    first: (id, version) => `setUserRole(id: "${id}", version: ${version}, role: OPERATOR) { version }`,
    second: [
      (id, version) => `setUserRole(id: "${id}", version: ${version}, role: ADMINISTRATOR) { version }`,
      (id, version) => `disableUser(id: "${id}", version: ${version}) { version }`,
      (id, version) => `enableUser(id: "${id}", version: ${version}) { version }`,
    ],
  },
}

describe('of two who change what both have looked at', () => {
  test.each(Object.entries(EDITED))(
    'the second is told that the first has: %s',
    async (_, { make, read, first, second }) => {
      const id = await make()
      const versionNow = async (): Promise<number> => {
        const { data } = await api.ask(`{ ${read(id)} }`)
        return Number(/"version":(\d+)/.exec(JSON.stringify(data))?.[1])
      }
      const seen = await versionNow()
      expect((await api.ask(`mutation { ${first(id, seen)} }`)).errors).toEqual([])
      const now = await versionNow()
      expect(now).toBe(seen + 1)
      for (const change of second) {
        const refused: Answer = await api.ask(`mutation { ${change(id, seen)} }`)
        expect(refused.errors).toMatchObject([
          { extensions: { code: 'CONFLICTING_STATE', version: now, changedSince: { version: now } } },
        ])
        expect(await versionNow()).toBe(now)
      }
      // Who has looked at what it is now may.
      for (const change of second.slice(0, 1))
        expect((await api.ask(`mutation { ${change(id, now)} }`)).errors).toEqual([])
    },
  )
})

/** What edits by name, and takes no version: why. */
const WITHOUT: Readonly<Record<string, string>> = {
  deleteAllIntegrationSynchErrors: 'a filter says what goes',
  deleteIntegrationSynchErrorsOlderThan: 'the age says what goes',
  deleteCouplings: 'a coupling has no settings; what the runs find decides',
  revokeAccessToken: 'a token cannot be changed, and is revoked for good',
  resolveSkippedSynchRecords: 'bound to versions of records: seenVersions',
  restoreRecords: 'bound to versions of records: seenVersions',
  deleteRecords: 'bound to versions of records: seenVersions',
}
const EDITS =
  /^(?:update|set|add|remove|delete|reset|restore|enable|disable|revoke|assign|snooze|resolve|reopen|note|tag|rename|change)[A-Z]/

test('every mutation that edits takes the version that was looked at', () => {
  const fields = Object.values(buildApiSchema().getMutationType()?.getFields() ?? {})
  const hasVersion = (name: string, type: GraphQLInputType): boolean => {
    const input = getNamedType(type)
    return name === 'version' || (isInputObjectType(input) && 'version' in input.getFields())
  }
  const edits = fields.filter(({ name }) => EDITS.test(name))
  const without = edits
    .filter(({ args }) => !args.some(({ name, type }) => hasVersion(name, type)))
    .map(({ name }) => name)
  expect(without.toSorted()).toEqual(Object.keys(WITHOUT).toSorted())
  expect(edits.length).toBeGreaterThan(25)
})
