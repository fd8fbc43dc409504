import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConnectorSource } from '../../src/activities/dependencies.js'
import { SharedConnectors } from '../../src/connector-source.js'
import type { Connector } from '../../src/connectors/connector.js'
import { MemoryGovernorStore, SharedGovernor } from '../../src/connectors/shared-governor.js'
import { HintListeners } from '../../src/hint-listeners.js'
import { Scenario } from '../support/scenario.js'

const logger = pino({ level: 'silent' })

/** Sales, as a system would be that can be listened to. */
class Line {
  readonly opened: string[][] = []
  closed = 0
  tell: (table: string) => void = () => undefined
  breakDown: (error: Error) => void = () => undefined

  readonly hints: NonNullable<Connector['hints']> = {
    kind: 'listen',
    listen: async (tables, onHint, onLost) => {
      this.opened.push(tables.map((table) => table.name).sort())
      this.tell = onHint
      this.breakDown = onLost
      return {
        close: async () => {
          this.closed += 1
        },
      }
    },
  }
}

let demo: Scenario
const shared = new SharedConnectors(
  () => 'engine-test',
  logger,
  new SharedGovernor(new MemoryGovernorStore()),
)
const line = new Line()
const connectors: ConnectorSource = {
  of(connection, side, lane) {
    const connector = shared.of(connection, side, lane)
    return side === 'INTEGRATION' ? { ...connector, hints: line.hints } : connector
  },
  facts: (connection, side) => shared.facts(connection, side),
}
let listeners: HintListeners
beforeAll(async () => {
  demo = await Scenario.start({ quiet: false })
  listeners = new HintListeners({
    database: demo.engine.database,
    connectors,
    runControl: demo.engine.control,
    logger,
  })
})
afterAll(async () => {
  await listeners.close()
  await shared.close()
  await demo.stop()
})

const hinted = async (name: string) => (await demo.engine.mapping(name)).hintedAt ?? null

test('a system that can be listened to wakes the mappings of the table that it names, over one line', async () => {
  await listeners.keep()
  await listeners.keep()
  expect(line.opened).toEqual([['accounts', 'transactioncurrencies']])
  line.tell('accounts')
  await demo.until(
    () => hinted('CUSTOMER'),
    (at) => at !== null,
    'the hint',
  )
  expect(await hinted('CURRENCY')).toBeNull()
})

test('a line that broke is opened anew, and one for other tables takes its place', async () => {
  line.breakDown(new Error('The line broke.'))
  await listeners.keep()
  expect(line.opened).toHaveLength(2)
  await demo.update({ wakeOnChange: false }, 'CURRENCY')
  await listeners.keep()
  expect(line.opened.at(-1)).toEqual(['accounts'])
  expect(line.closed).toBe(1)
})

test('nobody is listened to while the connection is paused, and none afterwards', async () => {
  await demo.ask('mutation { pauseConnection { name } }')
  await listeners.keep()
  expect(line.closed).toBe(2)
  await demo.ask('mutation { resumeConnection { name } }')
  await listeners.keep()
  await listeners.close()
  expect(line.closed).toBe(3)
})
