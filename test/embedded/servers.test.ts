import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client as TemporalClient, Connection } from '@temporalio/client'
import { Client } from 'pg'
import { pino } from 'pino'
import { afterAll, describe, expect, test } from 'vitest'
import { defaultCacheDirectory } from '../../src/embedded/cache-directory.js'
import { findFreePort } from '../../src/embedded/port.js'
import { startEmbeddedPostgres } from '../../src/embedded/postgres.js'
import { isAlive } from '../../src/embedded/running-process.js'
import { startEmbeddedTemporal } from '../../src/embedded/temporal.js'

const folder = mkdtempSync(join(tmpdir(), 'accord-servers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const logger = pino({ level: 'silent' })

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}

describe('PostgreSQL of its own', () => {
  const dataDirectory = join(folder, 'postgres')
  const start = async () => startEmbeddedPostgres({ dataDirectory, port: await findFreePort(), logger })

  test('keeps its data over a restart, and stops for good', async () => {
    const first = await start()
    await query(first.adminUrl, "CREATE TABLE kept AS SELECT 'Ägypten 🐫' AS word")
    await first.stop()
    expect(isAlive(first.processId)).toBe(false)

    const second = await start()
    expect(await query(second.adminUrl, 'SELECT word FROM kept')).toEqual([{ word: 'Ägypten 🐫' }])
    expect(await query(second.adminUrl, 'SHOW fsync')).toEqual([{ fsync: 'on' }])
    await second.stop()
  })

  test('a server left running on the data is stopped in order first', async () => {
    const left = await start()
    await query(left.adminUrl, 'CREATE TABLE left_behind AS SELECT 1 AS one')
    const next = await start()
    await left.ended
    expect(isAlive(left.processId)).toBe(false)
    expect(await query(next.adminUrl, 'SELECT one FROM left_behind')).toEqual([{ one: 1 }])
    await next.stop()
  })

  test("a pid file that names another program's process does not hinder, nor harm that program", async () => {
    const file = join(dataDirectory, 'cluster', 'postmaster.pid')
    writeFileSync(file, `${process.pid}\n${join(dataDirectory, 'cluster')}\n`)
    const server = await start()
    expect(readFileSync(file, 'utf8').split('\n')[0]).toBe(String(server.processId))
    await server.stop()
  })

  test('a failing start tells what the server says', async () => {
    const running = await start()
    const port = Number(new URL(running.adminUrl).port)
    const other = startEmbeddedPostgres({ dataDirectory: join(folder, 'other'), port, logger })
    await expect(other).rejects.toThrow(/PostgreSQL ended at once .*[\s\S]*Address already in use/)
    await running.stop()
  })

  test('temporary data goes with the server', async () => {
    const temporary = join(folder, 'temporary')
    const server = await startEmbeddedPostgres({
      dataDirectory: temporary,
      port: await findFreePort(),
      logger,
      durable: false,
      temporary: true,
    })
    expect(await query(server.adminUrl, 'SHOW fsync')).toEqual([{ fsync: 'off' }])
    await server.stop()
    expect(existsSync(temporary)).toBe(false)
  })
})

describe('Temporal of its own', () => {
  const dataDirectory = join(folder, 'temporal')
  const start = async () =>
    startEmbeddedTemporal({
      dataDirectory,
      port: await findFreePort(),
      uiPort: await findFreePort(),
      cacheDirectory: defaultCacheDirectory(process.env['XDG_CACHE_HOME']),
      logger,
    })
  const schedules = async (address: string): Promise<string[]> => {
    const connection = await Connection.connect({ address })
    const names: string[] = []
    for await (const { scheduleId } of new TemporalClient({ connection }).schedule.list())
      names.push(scheduleId)
    await connection.close()
    return names
  }

  test('keeps what it knows over a restart, also over one that stops a server left running', async () => {
    const first = await start()
    const connection = await Connection.connect({ address: first.address })
    await new TemporalClient({ connection }).schedule.create({
      scheduleId: 'kept',
      spec: { intervals: [{ every: '1 day' }] },
      state: { paused: true },
      action: { type: 'startWorkflow', workflowType: 'nothing', taskQueue: 'nobody' },
    })
    await connection.close()
    expect((await fetch(first.uiUrl ?? '')).status).toBe(200)

    const second = await start()
    await first.ended
    await expect.poll(() => schedules(second.address), { timeout: 20_000 }).toEqual(['kept'])
    await second.stop()
    expect(isAlive(second.processId)).toBe(false)
  })
})
