import { createClient as createStreamClient } from 'graphql-sse'
import { createClient, type Client } from 'graphql-ws'
import { TOKEN } from './api.js'

/** What a client has heard, in order. */
export interface Heard<Data> {
  readonly answers: Data[]
  /** How it ended: by itself (null), or with this. */
  readonly ended: Promise<unknown>
  stop(): void
}

type Sink<Data> = Parameters<Client['subscribe']>[1] & { readonly type?: Data }

function listen<Data>(subscribe: (sink: Sink<Data>) => () => void, dispose: () => void): Heard<Data> {
  const answers: Data[] = []
  let stop = (): void => undefined
  const ended = new Promise<unknown>((resolve) => {
    stop = subscribe({
      next: ({ data, errors }) => {
        if (errors !== undefined) resolve(errors)
        else answers.push(data as Data)
      },
      error: resolve,
      complete: () => resolve(null),
    })
  })
  return {
    answers,
    ended,
    stop() {
      stop()
      dispose()
    },
  }
}

/** Subscribes over WebSocket, signed in by the payload of connection_init. */
export function overWebSocket<Data>(url: string, query: string, token: string = TOKEN): Heard<Data> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql/ws`,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  })
  return listen(
    (sink) => client.subscribe({ query }, sink),
    () => void client.dispose(),
  )
}

/** Subscribes over the connection of a client. */
export function overClient<Data>(client: Client, query: string): Heard<Data> {
  return listen(
    (sink) => client.subscribe({ query }, sink),
    () => undefined,
  )
}

/** Subscribes by Server-Sent Events, signed in by header. */
export function asStream<Data>(url: string, query: string, token: string = TOKEN): Heard<Data> {
  const client = createStreamClient({
    url: `${url}/graphql/stream`,
    headers: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  })
  return listen(
    (sink) => client.subscribe({ query }, sink),
    () => client.dispose(),
  )
}
