import { createConnector } from '../../../src/connectors/create-connector.js'
import { keyPredicate } from '../../../src/domain/record-key.js'
import { startSimpleServer } from '../odata/simple-server.js'
import { contractSuite } from './contract.js'
import type { SubjectKind } from './subject.js'

/** A server of others without ETags, batches, pages or a field by which changes are found. */
const SIMPLE_SERVER: SubjectKind = {
  name: 'ODATA before simple-odata-server',
  async start() {
    const server = await startSimpleServer()
    const settings = { url: server.url, signIn: { kind: 'none' }, pageSize: 100 }
    const connector = createConnector('ODATA', settings)
    const table = await connector.describeTable('customers')
    const pathOf = (id: string): string => `customers(${keyPredicate(table, id) ?? ''})`
    return {
      connector,
      impatient: (requestTimeout) => createConnector('ODATA', { ...settings, requestTimeout }),
      table,
      fields: { name: 'name', city: 'city', amount: 'credit', code: 'number' },
      longestName: null,
      blankAmount: null,
      person: {
        edit: async (id, values) => void (await server.person('PATCH', pathOf(id), values)),
        remove: async (id) => void (await server.person('DELETE', pathOf(id))),
      },
      disturb: {
        loseAnswer: (at, text) => disturb(() => (server.fault = { kind: 'lose', at, text })),
        throttle: (retryAfter) =>
          disturb(() => (server.fault = { kind: 'status', method: 'POST', status: 429, retryAfter })),
        failRead: () => disturb(() => (server.fault = { kind: 'status', method: 'GET', status: 503 })),
        refuseCity: (city, message) => disturb(() => (server.refuseCity = { city, message })),
        delayWrite: (milliseconds) =>
          disturb(() => (server.fault = { kind: 'delay', method: 'POST', milliseconds })),
        clear: () =>
          disturb(() => {
            server.fault = null
            server.refuseCity = null
          }),
      },
      hints: null,
      async [Symbol.asyncDispose]() {
        await connector.close()
        await server[Symbol.asyncDispose]()
      },
    }
  },
}

function disturb(set: () => unknown): Promise<void> {
  set()
  return Promise.resolve()
}

contractSuite(SIMPLE_SERVER)
