import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO_CONNECTION } from '../../src/persistence/demo.js'
import { Connection } from '../../src/persistence/entities/connection.js'
import { run, sql } from '../../src/persistence/sql.js'
import { comparePairs } from './support/pairs.js'
import { Stage } from './support/stage.js'

type System = 'businessCentral' | 'dataverse'
type Matcher = { readonly method?: string; readonly path: string }

const SYSTEMS: readonly System[] = ['businessCentral', 'dataverse']
const CLEAN = { intents: 0, calls: 0, claims: 0, pages: 0, states: 0, errors: 0 }

/** Milliseconds that Accord waits for an answer here. */
const PATIENCE = 1_500

const answered = (number: number, more: object = {}) => ({ kind: 'status', status: number, ...more })

const EVERYWHERE: Readonly<Record<string, object>> = {
  '429 with Retry-After': answered(429, { retryAfter: 1 }),
  '429 without Retry-After': answered(429),
  '500': answered(500),
  '502 of a gateway': answered(502, { form: 'html' }),
  '503': answered(503),
  '504 of a gateway': answered(504, { form: 'empty' }),
  'a drop before the commit': { kind: 'drop', at: 'beforeCommit' },
  'a drop after the commit': { kind: 'drop', at: 'afterCommit' },
  'no answer after the commit': { kind: 'timeout', at: 'afterCommit' },
  'a slow answer': { kind: 'delay', milliseconds: 700 },
  'a token that is not accepted': answered(401),
}

const WRITE: Matcher = { method: 'PATCH', path: '(customers|accounts)\\(' }
const READ: Readonly<Record<System, Matcher>> = {
  businessCentral: { method: 'GET', path: '/customers\\?' },
  dataverse: { method: 'GET', path: '/accounts\\(|/accounts\\?.*filter' },
}
const DELTA: Matcher = { method: 'GET', path: 'deltatoken' }
const TOKEN: Matcher = { path: '/oauth2/' }

interface Fault {
  readonly system: System
  readonly fault: Readonly<Record<string, unknown>>
}

/** What goes wrong in a cell: on both sides, where both have the operation. */
function faultsOf(operation: string, action: object): readonly Fault[] {
  switch (operation) {
    case 'read':
      return SYSTEMS.map((system) => ({ system, fault: { ...READ[system], action } }))
    case 'write':
      return SYSTEMS.map((system) => ({ system, fault: { ...WRITE, action } }))
    case 'delta':
      return [{ system: 'dataverse', fault: { ...DELTA, action } }]
    default:
      throw new Error(`No operation is called ${operation}.`)
  }
}

const CELLS = [
  ...['read', 'write', 'delta'].flatMap((operation) =>
    Object.entries(EVERYWHERE).map(([fault, action]) => ({ operation, fault, action })),
  ),
  { operation: 'write', fault: 'a version taken for stale', action: { kind: 'stale' } },
  { operation: 'delta', fault: 'a delta token that is too old', action: { kind: 'expiredToken' } },
]

describe('a fault comes and goes: both sides are equal afterwards, nothing is there twice, and nobody had to do anything', () => {
  let stage: Stage
  let pairs: readonly { readonly customerId: string; readonly accountId: string }[]
  let turn = 0

  beforeAll(async () => {
    stage = await Stage.build({
      sandbox: { customers: 48, demo: false },
      engine: { requestDeadlineSeconds: 4 },
    })
    const em = stage.engine.database.em.fork()
    const connection = await em.findOneOrFail(Connection, { name: DEMO_CONNECTION })
    const hasty = { requestTimeout: PATIENCE, maximumFlight: PATIENCE }
    connection.localSystem = {
      ...connection.localSystem,
      settings: { ...connection.localSystem.settings, ...hasty },
    }
    connection.integrationSystem = {
      ...connection.integrationSystem,
      settings: { ...connection.integrationSystem.settings, ...hasty },
    }
    await em.flush()
    await stage.startWorker()
    await stage.synchronize('CURRENCY')
    await stage.synchronize('CUSTOMER')
    await stage.synchronize('CUSTOMER')
    const rows = await run<{ local_id: string; integration_id: string }>(
      em,
      sql`select local_id, integration_id from coupling where local_table = 'customers' order by local_id`,
    )
    pairs = rows.map((row) => ({ customerId: row.local_id, accountId: row.integration_id }))
  })
  afterAll(() => stage.takeDown())

  /** One record of each side is edited, in fields of their own and another one each time: two sides that take turns at a field fight. */
  async function edit(word: string): Promise<void> {
    const first = pairs[turn % pairs.length]
    const second = pairs[(turn + 24) % pairs.length]
    turn += 1
    if (first === undefined || second === undefined) throw new Error('There are no pairs.')
    // What earlier cells taught about the services' limits is forgotten, as in a crash of the database: pauses would grow from cell to cell.
    await run(stage.engine.database.em.fork(), sql`delete from governor`)
    await stage.engine.person.editCustomer(first.customerId, { city: `C ${turn} ${word}` })
    await stage.engine.person.editAccount(second.accountId, { telephone1: `${turn} ${word}` })
  }

  /** What a run has left over, the next one sees to. */
  async function expectHealed(status: string): Promise<void> {
    for (const system of SYSTEMS) await stage.clearFaults(system)
    const isDone =
      status === 'COMPLETED' && Object.values(await stage.leftovers()).every((left) => left === 0)
    if (!isDone) await stage.synchronize('CUSTOMER')
    expect(await stage.leftovers()).toEqual(CLEAN)
    expect(await comparePairs(stage)).toMatchObject({
      customers: pairs.length,
      accounts: pairs.length,
      couplings: pairs.length,
      withoutPartner: [],
      differing: [],
      duplicateNames: [],
    })
  }

  test.each(CELLS)('$operation: $fault', async ({ operation, action }) => {
    await edit(operation)
    const faults = faultsOf(operation, action)
    for (const { system, fault } of faults) await stage.setFault(system, fault)
    const { run: first } = await stage.synchronize('CUSTOMER')
    const acted = await Promise.all(faults.map(({ system }) => stage.faultsActed(system)))
    expect(acted).not.toContain(false)
    await expectHealed(first.status)
  })

  test.each(Object.entries(EVERYWHERE).map(([fault, action]) => ({ fault, action })))(
    'token: $fault',
    async ({ action }) => {
      await edit('token')
      const { origin } = new URL(stage.engine.sandbox.tokenUrl)
      const owner = SYSTEMS.find((system) => stage.engine.sandbox[system].origin === origin)
      if (owner === undefined) throw new Error('Neither sandbox gives tokens.')
      await stage.setFault(owner, { ...TOKEN, action })
      // Tokens are kept, so each side is told once that its own is not accepted.
      for (const system of SYSTEMS)
        await stage.setFault(system, { path: 'WhoAmI|companies|customers|accounts', action: answered(401) })
      const { run: first } = await stage.synchronize('CUSTOMER')
      expect(await stage.faultsActed(owner)).toBe(true)
      await expectHealed(first.status)
    },
  )
})
