import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import { commandOf } from './running-process.js'

const HOST = '127.0.0.1'

/** A port asked for by a setting is in use. The message names the port, who holds it and the setting. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError'
  constructor(
    readonly port: number,
    readonly setting: string,
    message: string,
  ) {
    super(message)
  }
}

/** A port nobody listens on at the moment. Another process may take it before the caller does. */
export async function findFreePort(): Promise<number> {
  return await listenOnce(0)
}

/**
 * Makes sure that `port` on 127.0.0.1 is free.
 * @param purpose who wants it: "PostgreSQL"
 * @param setting the environment variable that chooses another one
 * @throws PortTakenError
 */
export async function assertPortFree(port: number, purpose: string, setting: string): Promise<void> {
  try {
    await listenOnce(port)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EACCES') {
      throw new PortTakenError(
        port,
        setting,
        `Port ${port} for ${purpose} may not be opened by this user. Choose one above 1023 with ${setting}.`,
      )
    }
    if (code !== 'EADDRINUSE') throw error
    const holder = await findPortHolder(port)
    throw new PortTakenError(
      port,
      setting,
      `Port ${port} for ${purpose} is in use by ${holder ?? 'another program'}. ` +
        `Stop that program, or choose another port with ${setting}.`,
    )
  }
}

async function listenOnce(port: number): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host: HOST, port, exclusive: true }, () => {
      const address = server.address()
      const taken = typeof address === 'object' && address !== null ? address.port : port
      server.close(() => {
        resolve(taken)
      })
    })
  })
}

/** Who listens on a port, as "process 4711 (postgres -D ...)"; `null` when that cannot be told. */
export async function findPortHolder(port: number): Promise<string | null> {
  const processId = process.platform === 'linux' ? await holderOnLinux(port) : await holderByLsof(port)
  if (processId === null) return null
  const command = commandOf(processId)
  return command === null || command === ''
    ? `process ${processId}`
    : `process ${processId} (${command.length > 120 ? `${command.slice(0, 117)}...` : command})`
}

async function holderByLsof(port: number): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'])
    const processId = Number.parseInt(stdout, 10)
    return Number.isNaN(processId) ? null : processId
  } catch {
    // lsof is missing or finds nothing: the message then does without a name.
    return null
  }
}

/** The kernel's table gives the socket's inode; the process is the one with a descriptor for it. */
async function holderOnLinux(port: number): Promise<number | null> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const inodes = new Set<string>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'utf8').catch(() => '')
    for (const line of text.split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/)
      const listening = columns[3] === '0A'
      if (listening && columns[1]?.endsWith(suffix) === true) inodes.add(`socket:[${columns[9]}]`)
    }
  }
  if (inodes.size === 0) return null
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    // Processes of other users keep their descriptors to themselves, and some end while we look.
    const descriptors = await readdir(`/proc/${entry}/fd`).catch(() => [])
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${entry}/fd/${descriptor}`).catch(() => '')
      if (inodes.has(target)) return Number(entry)
    }
  }
  return null
}
