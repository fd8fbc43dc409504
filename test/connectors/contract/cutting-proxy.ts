import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A line to a server that is cut when a text passes: before the server has it, or after the server has answered it. */
export interface CuttingProxy {
  readonly port: number
  /** The next connection over which `text` is sent is cut, once. */
  cut(text: string, when: 'before' | 'after'): void
  mend(): void
  close(): Promise<void>
}

export async function startCuttingProxy(host: string, port: number): Promise<CuttingProxy> {
  let armed: { readonly text: string; readonly when: 'before' | 'after' } | null = null
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(port, host)
    let isAnswerLost = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      // The other end is told by the close of this one.
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (data) => {
      if (armed !== null && data.includes(armed.text)) {
        const { when } = armed
        armed = null
        if (when === 'before') {
          client.destroy()
          return
        }
        isAnswerLost = true
      }
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (!isAnswerLost) client.write(data)
      // The server is ready for the next statement, outside of any transaction: what was sent is done.
      else if (data.includes(Buffer.from([0x5a, 0, 0, 0, 5, 0x49]))) client.destroy()
      else client.write(data)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    cut(text, when) {
      armed = { text, when }
    },
    mend() {
      armed = null
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
