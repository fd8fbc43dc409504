import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { Entity } from './support.js'

/** What one POST of Business Central brought. */
export type Delivery = readonly Entity[]

/** A server of somebody who wants to be told. */
export interface Subscriber {
  readonly url: string
  readonly deliveries: Delivery[]
  /** The answer to notifications. */
  status: number
  /** The answer to the handshake; by default the token. */
  greeting: ((token: string) => string) | null
  handshakes: number
  close(): Promise<void>
}

export async function startSubscriber(): Promise<Subscriber> {
  const state: Omit<Subscriber, 'url' | 'close'> = {
    deliveries: [],
    status: 202,
    greeting: null,
    handshakes: 0,
  }
  const server: Server = createServer((request, response) => {
    const token = new URL(request.url ?? '/', 'http://subscriber').searchParams.get('validationToken')
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      if (token !== null) {
        state.handshakes += 1
        response.end(state.greeting === null ? token : state.greeting(token))
        return
      }
      state.deliveries.push((JSON.parse(body) as { value: Entity[] }).value)
      response.writeHead(state.status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The subscriber has no address.')
  return Object.assign(state, {
    url: `http://127.0.0.1:${address.port}/told?by=sandbox`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  })
}
