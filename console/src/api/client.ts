import { createClient as createSocketClient, type Client as SocketClient } from 'graphql-ws'
import { Client, cacheExchange, fetchExchange, mapExchange, subscriptionExchange } from 'urql'
import { addressOf } from './base.js'
import { saidExchange } from './said-exchange.js'

/** `live`: changes arrive as they happen; `connecting`: the connection is being made, again or for the first time. */
export type Connectedness = 'live' | 'connecting'

/** How the connection for changes stands; read it with `useSyncExternalStore`. */
export class ConnectionState {
  private state: Connectedness = 'connecting'
  private readonly listeners = new Set<() => void>()

  readonly get = (): Connectedness => this.state
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  set(state: Connectedness): void {
    if (state === this.state) return
    this.state = state
    for (const listener of this.listeners) listener()
  }
}

export interface Api {
  readonly client: Client
  readonly connection: ConnectionState
  /** Ends the connection for changes, as when somebody signs out. */
  close(): void
}

/** `onSignedOut`: the server no longer knows who asks. */
export function createApi(onSignedOut: () => void): Api {
  const connection = new ConnectionState()
  const socket = createSocket(connection)
  const said = saidExchange(() => client)
  const client: Client = new Client({
    url: addressOf('graphql'),
    // Longer operations as GET would stand in logs of proxies, and answers are never to be kept by anybody.
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      if (response.status === 401) onSignedOut()
      return response
    },
    exchanges: [
      // The server says null where nothing could be answered; pages know data that is there, or undefined.
      mapExchange({
        onResult: (result) => (result.data === null ? { ...result, data: undefined } : result),
      }),
      said.exchange,
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe({ query: query ?? '', variables }, sink),
          }),
        }),
      }),
    ],
  })
  const close = (): void => {
    said.stop()
    void socket.dispose()
  }
  return { client, connection, close }
}

function createSocket(connection: ConnectionState): SocketClient {
  const url = new URL(addressOf('graphql/ws'))
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return createSocketClient({
    url: url.href,
    keepAlive: 15_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (attempts) =>
      new Promise((resolve) =>
        setTimeout(resolve, Math.min(15_000, 500 * 2 ** attempts) * (0.5 + Math.random() / 2)),
      ),
    on: { connected: () => connection.set('live'), closed: () => connection.set('connecting') },
  })
}
