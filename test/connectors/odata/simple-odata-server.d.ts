declare module 'simple-odata-server' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  type Refuse = (error?: Error & { code?: number }) => void

  export interface SimpleODataServer {
    model(model: object): SimpleODataServer
    adapter(adapter: unknown): SimpleODataServer
    beforeInsert(
      check: (set: string, row: Record<string, unknown>, request: unknown, done: Refuse) => void,
    ): SimpleODataServer
    on(event: 'odata-error', listener: (error: Error) => void): SimpleODataServer
    handle(request: IncomingMessage, response: ServerResponse): void
  }

  export default function createServer(url: string): SimpleODataServer
}

declare module 'simple-odata-server-nedb' {
  export default function adapter(
    databaseOf: (set: string, done: (error: Error | null, database: unknown) => void) => void,
  ): unknown
}
