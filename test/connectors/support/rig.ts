import type { Connector } from '../../../src/connectors/connector.js'
import { createConnector } from '../../../src/connectors/create-connector.js'
import { CUSTOMER } from '../../../src/domain/catalog/business-central.js'
import { ACCOUNT } from '../../../src/domain/catalog/dataverse.js'
import type { SystemKind, TableDefinition } from '../../../src/domain/schema.js'
import type { ReceivedRequest, ScriptedAnswer, ScriptedServer } from './scripted-server.js'
import { startScriptedServer, tokenAnswer } from './scripted-server.js'

export const COMPANY = 'c0000000-0000-4000-8000-000000000001'
export const SECRET = 'the-secret-value'

export type SystemUnderTest = readonly [kind: SystemKind, table: TableDefinition, root: string]
export const BUSINESS_CENTRAL: SystemUnderTest = ['BUSINESS_CENTRAL', CUSTOMER, '/api/v2.0']
export const DATAVERSE: SystemUnderTest = ['DATAVERSE', ACCOUNT, '/api/data/v9.2']
export const SYSTEMS = [BUSINESS_CENTRAL, DATAVERSE]

export type RigAnswer = ScriptedAnswer | 'drop' | 'silence' | Promise<ScriptedAnswer>

export interface Rig {
  readonly connector: Connector
  readonly table: TableDefinition
  readonly server: ScriptedServer
}

/** A connector against a server that hands out `token-1`, `token-2`, ... and answers everything else by `answer`. */
export async function withRig(
  [kind, table, root]: SystemUnderTest,
  answer: (request: ReceivedRequest) => RigAnswer,
  use: (rig: Rig) => Promise<void>,
  options: { readonly settings?: object; readonly now?: () => number } = {},
): Promise<void> {
  let tokens = 0
  await using server = await startScriptedServer((request) =>
    request.path === '/token' ? tokenAnswer(`token-${(tokens += 1)}`) : answer(request),
  )
  const settings = {
    url: `${server.url}${root}`,
    signIn: {
      kind: 'clientSecret',
      tokenUrl: `${server.url}/token`,
      clientId: 'client',
      clientSecret: SECRET,
      scope: 'scope',
    },
    ...(kind === 'BUSINESS_CENTRAL' ? { companyId: COMPANY } : {}),
    ...options.settings,
  }
  const connector = createConnector(kind, settings, options.now === undefined ? {} : { now: options.now })
  try {
    await use({ connector, table, server })
  } finally {
    await connector.close()
  }
}

export const idOf = (number: number): string => `f2a5738a-0000-4000-8000-${String(number).padStart(12, '0')}`

/** One operation as a server finds it in a batch of either form. */
export interface BatchedRequest {
  readonly method: string
  /** Decoded. */
  readonly url: string
}

export interface BatchedAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Answers a batch of either form item by item. */
export function answerBatch(
  { headers, body }: ReceivedRequest,
  answer: (request: BatchedRequest) => BatchedAnswer,
): ScriptedAnswer {
  if (headers['content-type']?.startsWith('multipart/mixed') === true) {
    const lines = [...body.matchAll(/^(GET|PATCH) (\S+) HTTP\/1\.1\r$/gm)]
    const parts = lines.map(([, method = '', url = '']) => {
      const { status, headers: own = {}, body: content } = answer({ method, url: decodeURIComponent(url) })
      const text = content === undefined ? '' : JSON.stringify(content)
      const heads = Object.entries(own).map(([name, value]) => `${name}: ${value}\r\n`)
      return `--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 ${status} Any\r\nOData-Version: 4.0\r\n${heads.join('')}\r\n${text}\r\n`
    })
    return { headers: { 'content-type': 'multipart/mixed; boundary=b' }, body: `${parts.join('')}--b--` }
  }
  const { requests } = JSON.parse(body) as { requests: (BatchedRequest & { id: string })[] }
  const responses = requests.map(({ id, method, url }) => ({
    id,
    ...answer({ method, url: decodeURIComponent(url) }),
  }))
  return { body: JSON.stringify({ responses }) }
}
