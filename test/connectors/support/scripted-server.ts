import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface ScriptedAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** `drop`: the connection is cut without an answer. `silence`: nothing comes until the server closes. */
export type Script = (
  request: ReceivedRequest,
) => ScriptedAnswer | 'drop' | 'silence' | Promise<ScriptedAnswer>

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string
  readonly requests: readonly ReceivedRequest[]
}

/** A real HTTP server on a free port that answers as a test says, and keeps what it was asked. */
export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = []
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }
      requests.push(request)
      void answerBy(script, request, outgoing)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answerBy(script: Script, request: ReceivedRequest, outgoing: ServerResponse): Promise<void> {
  const answer = await script(request)
  if (answer === 'silence') return
  if (answer === 'drop') {
    outgoing.destroy()
    return
  }
  outgoing.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
  outgoing.end(answer.body ?? '')
}

/** An address at which nobody listens. */
export async function deadAddress(): Promise<string> {
  const server = await startScriptedServer(() => 'drop')
  await server[Symbol.asyncDispose]()
  return server.url
}

/** The answer of a token endpoint. */
export function tokenAnswer(token: string, lifetime = 3600): ScriptedAnswer {
  return { body: JSON.stringify({ token_type: 'Bearer', expires_in: lifetime, access_token: token }) }
}
