import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import nedb from '@seald-io/nedb'
import createSimpleServer from 'simple-odata-server'
import nedbAdapter from 'simple-odata-server-nedb'

/** It is declared as what a bundler makes of it; Node gives the class itself. */
const Datastore = nedb as unknown as typeof nedb.default

export type Row = Readonly<Record<string, unknown>>

/** What the line to the server does to the next request that it concerns. */
export type LineFault =
  | { readonly kind: 'lose'; readonly at: 'beforeCommit' | 'afterCommit'; readonly text: string }
  | {
      readonly kind: 'status'
      readonly method: string
      readonly status: number
      readonly retryAfter?: number
    }
  | { readonly kind: 'delay'; readonly method: string; readonly milliseconds: number }

/** simple-odata-server over nedb, as it comes from npm, on a free port of this machine. It knows no ETags, batches or pages. */
export interface SimpleServer extends AsyncDisposable {
  readonly url: string
  /** Refuses records with this city, as a rule of its application. */
  refuseCity: { readonly city: string; readonly message: string } | null
  fault: LineFault | null
  /** As a person, past Accord. Throws where the answer is no success. */
  person(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: Row): Promise<unknown>
  rows(): Promise<readonly Row[]>
}

const MODEL = {
  namespace: 'Shop',
  entityTypes: {
    Customer: {
      _id: { type: 'Edm.String', key: true, nullable: false },
      name: { type: 'Edm.String' },
      city: { type: 'Edm.String' },
      credit: { type: 'Edm.Decimal' },
      number: { type: 'Edm.String' },
    },
  },
  entitySets: { customers: { entityType: 'Shop.Customer' } },
}

export async function startSimpleServer(): Promise<SimpleServer> {
  const database = new Datastore<Row>({ inMemoryOnly: true })
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined
  const running: Pick<SimpleServer, 'refuseCity' | 'fault'> = { refuseCity: null, fault: null }
  const http = createServer((request, response) => {
    void carry(running, request, response, handle)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const service = createSimpleServer(url)
    .model(MODEL)
    .adapter(
      nedbAdapter((_set, done) => {
        done(null, database)
      }),
    )
    .beforeInsert((_set, row, _request, done) => {
      const rule = running.refuseCity
      if (rule === null || row['city'] !== rule.city) done()
      else done(Object.assign(new Error(rule.message), { code: 400 }))
    })
    .on('odata-error', () => undefined)
  handle = (request, response) => {
    service.handle(request, response)
  }
  return Object.assign(running, {
    url,
    async person(method: string, path: string, body?: Row): Promise<unknown> {
      const response = await fetch(`${url}/${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      return text === '' ? null : JSON.parse(text)
    },
    rows: () => database.findAsync({}).then((rows) => rows as readonly Row[]),
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  })
}

/** Hands a request to the server, with the fault that is set for it. The server reads the body itself, so it is looked at on its way. */
async function carry(
  running: Pick<SimpleServer, 'fault'>,
  request: IncomingMessage,
  response: ServerResponse,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  const body = text === '' ? null : parsed(text)
  if (body === undefined) {
    response.writeHead(400)
    response.end()
    return
  }
  // Where a body was parsed already, the server takes it from there, as it does behind Express.
  if (body !== null) Object.assign(request, { body })
  const { fault } = running
  if (fault === null || !concerns(fault, request.method ?? '', text)) {
    handle(request, response)
    return
  }
  running.fault = null
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, {
        'content-type': 'application/json',
        ...(fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }),
      })
      response.end('{}')
      return
    case 'delay':
      holdBack(response, (end) => setTimeout(end, fault.milliseconds))
      handle(request, response)
      return
    case 'lose':
      if (fault.at === 'beforeCommit') {
        request.socket.destroy()
        return
      }
      holdBack(response, () => request.socket.destroy())
      handle(request, response)
  }
}

/** Undefined: it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function concerns(fault: LineFault, method: string, text: string): boolean {
  return fault.kind === 'lose' ? text.includes(fault.text) : fault.method === method
}

/** The server is done when it ends its answer; what becomes of the answer then is up to `then`. */
function holdBack(response: ServerResponse, then: (end: () => void) => void): void {
  const end = response.end.bind(response)
  response.end = ((content: string) => {
    then(() => end(content))
    return response
  }) as typeof response.end
}
