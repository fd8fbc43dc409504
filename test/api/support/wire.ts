import { connect, createServer, type Socket } from 'node:net'

/** Stands between a client and PostgreSQL and counts the statements that go over the wire. */
export interface StatementCounter {
  /** The database's address by way of the counter. */
  readonly url: string
  count(): number
  reset(): void
  close(): Promise<void>
}

const STARTUP_HEADER = 4
const HEADER = 5
/** Execute of the extended protocol, and Query of the simple one. */
const STATEMENTS = new Set(['E', 'Q'])

export async function countStatements(databaseUrl: string): Promise<StatementCounter> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let statements = 0
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        client.destroy()
        upstream.destroy()
      })
    }
    let pending = Buffer.alloc(0)
    let started = false
    client.on('data', (chunk: Buffer) => {
      upstream.write(chunk)
      pending = Buffer.concat([pending, chunk])
      for (;;) {
        // The first message of a connection has a length and no type.
        const header = started ? HEADER : STARTUP_HEADER
        if (pending.length < header) return
        const length = pending.readInt32BE(header - 4) + header - 4
        if (pending.length < length) return
        if (started && STATEMENTS.has(String.fromCharCode(pending[0] ?? 0))) statements += 1
        started = true
        pending = pending.subarray(length)
      }
    })
    upstream.on('data', (chunk: Buffer) => client.write(chunk))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {
    url: url.href,
    count: () => statements,
    reset: () => {
      statements = 0
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
