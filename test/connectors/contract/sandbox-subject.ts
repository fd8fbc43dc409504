import { createConnector } from '../../../src/connectors/create-connector.js'
import type { Connector } from '../../../src/connectors/connector.js'
import type { TableDefinition } from '../../../src/domain/schema.js'
import type { RunningSandbox } from '../../../sandbox/sandbox.js'
import type { Bench } from '../support/sandbox.js'
import { benchFor, personToken, startTestSandbox } from '../support/sandbox.js'
import type { Subject, SubjectFields, SubjectKind } from './subject.js'

type SandboxKind = 'BUSINESS_CENTRAL' | 'DATAVERSE'

/** The customers of the Business Central sandbox and the accounts of that of Dataverse. */
const TABLES: Readonly<
  Record<SandboxKind, Pick<Subject, 'longestName' | 'blankAmount'> & { readonly fields: SubjectFields }>
> = {
  BUSINESS_CENTRAL: {
    fields: { name: 'displayName', city: 'city', amount: 'creditLimit', code: 'number' },
    longestName: 100,
    blankAmount: '0',
  },
  DATAVERSE: {
    fields: { name: 'name', city: 'address1_city', amount: 'creditlimit', code: 'accountnumber' },
    longestName: 160,
    blankAmount: null,
  },
}

/** A sandbox behind the connector of its own kind. */
export function sandboxSubject(kind: SandboxKind): SubjectKind {
  return {
    name: kind,
    async start() {
      const sandbox = await startTestSandbox()
      const bench = await benchFor(kind, sandbox.running)
      const settings = connectionTo(kind, sandbox.running)
      const closing = async (): Promise<void> => {
        await bench.connector.close()
        await sandbox[Symbol.asyncDispose]()
      }
      const subject = subjectOf(kind, bench, bench.connector, bench.table, closing, (requestTimeout) =>
        createConnector(kind, { ...settings, requestTimeout }),
      )
      return kind === 'DATAVERSE' ? subject : { ...subject, hints: await notifying(sandbox.running) }
    },
  }
}

/** A sandbox behind the connector for any OData service. */
export function odataSubject(kind: SandboxKind): SubjectKind {
  return {
    name: `ODATA before the sandbox of ${kind}`,
    async start() {
      const sandbox = await startTestSandbox()
      const bench = await benchFor(kind, sandbox.running)
      const settings = { ...connectionTo(kind, sandbox.running), ...odataSettings(kind, sandbox.running) }
      const connector = createConnector('ODATA', settings)
      const table = await connector.describeTable(bench.table.name)
      const closing = async (): Promise<void> => {
        await connector.close()
        await bench.connector.close()
        await sandbox[Symbol.asyncDispose]()
      }
      return subjectOf(kind, bench, connector, table, closing, (requestTimeout) =>
        createConnector('ODATA', { ...settings, requestTimeout }),
      )
    },
  }
}

/** Business Central collects changes before it tells of them, here for a moment only. */
async function notifying({ businessCentral, ...running }: RunningSandbox): Promise<Subject['hints']> {
  const response = await fetch(`${businessCentral.origin}/sandbox/webhooks`, {
    method: 'POST',
    body: JSON.stringify({ delay: 20 }),
  })
  if (!response.ok) throw new Error(`Notifications: ${response.status} ${await response.text()}`)
  const token = await personToken(running, `${businessCentral.origin}/.default`)
  return {
    kind: 'webhook',
    async forget(id) {
      const gone = await fetch(`${businessCentral.url}/subscriptions('${id}')`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${token}`, 'if-match': '*' },
      })
      if (!gone.ok) throw new Error(`DELETE: ${gone.status} ${await gone.text()}`)
    },
  }
}

function odataSettings(kind: SandboxKind, running: RunningSandbox): object {
  return kind === 'DATAVERSE'
    ? { sets: { accounts: { modifiedField: 'modifiedon', deltaLinks: true } } }
    : {
        path: `companies(${running.businessCentral.companyId})`,
        sets: {
          customers: { modifiedField: 'lastModifiedDateTime', assignedKey: { field: 'number' } },
        },
      }
}

function connectionTo(kind: SandboxKind, running: RunningSandbox): object {
  const system = kind === 'BUSINESS_CENTRAL' ? running.businessCentral : running.dataverse
  return {
    url: system.url,
    signIn: {
      kind: 'clientSecret',
      tokenUrl: running.tokenUrl,
      clientId: running.clientId,
      clientSecret: running.clientSecret,
      scope: `${system.origin}/.default`,
    },
  }
}

function subjectOf(
  kind: SandboxKind,
  bench: Bench,
  connector: Connector,
  table: TableDefinition,
  close: () => Promise<void>,
  impatient: (requestTimeout: number) => Connector,
): Subject {
  const { fields, longestName, blankAmount } = TABLES[kind]
  return {
    connector,
    impatient,
    table,
    fields,
    longestName,
    blankAmount,
    person: {
      edit: async (id, values) => void (await bench.person('PATCH', id, values)),
      remove: async (id) => void (await bench.person('DELETE', id)),
    },
    disturb: {
      loseAnswer: (at) => bench.fault({ path: 'batch', action: { kind: 'drop', at } }),
      throttle: (retryAfter) =>
        bench.fault({ path: 'batch', action: { kind: 'status', status: 429, retryAfter } }),
      refuseToken: () => bench.fault({ path: '.', action: { kind: 'status', status: 401 } }),
      failRead: () => bench.fault({ path: table.name, action: { kind: 'status', status: 503 } }),
      refuseCity: (value, message) =>
        bench.fault({ times: null, action: { kind: 'reject', field: fields.city, value, message } }),
      delayWrite: (milliseconds) =>
        bench.fault({ path: 'batch', action: { kind: 'delay', milliseconds, at: 'afterCommit' } }),
      clear: () => bench.clearFaults(),
    },
    hints: null,
    [Symbol.asyncDispose]: close,
  }
}
