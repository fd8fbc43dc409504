import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { assertPortFree, findFreePort, PortTakenError } from '../../src/embedded/port.js'

test('a free port passes', async () => {
  await expect(assertPortFree(await findFreePort(), 'the API', 'ACCORD_API_PORT')).resolves.toBeUndefined()
})

test('a taken port is an error that names the port, its holder and the setting', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    const taken = assertPortFree(port, 'the API', 'ACCORD_API_PORT')
    await expect(taken).rejects.toThrow(PortTakenError)
    await expect(taken).rejects.toThrow(`Port ${port} for the API is in use by process ${process.pid} (`)
    await expect(taken).rejects.toThrow('choose another port with ACCORD_API_PORT')
  } finally {
    server.close()
  }
})
