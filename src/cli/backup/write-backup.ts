import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { escapeIdentifier, type Client } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { BACKUP_FORMAT, END_OF_ROWS, MAGIC, type BackupHeader, type BackupTrailer } from './format.js'
import { listMigrations, listSequences, listStateTables, useNeutralFormats } from './tables.js'

/**
 * Writes all state of the database to a file, as of one moment. The file appears when it is complete.
 * @returns rows by table
 */
export async function writeBackup(
  client: Client,
  file: string,
  accordVersion: string,
): Promise<Readonly<Record<string, number>>> {
  const draft = `${file}.part`
  await useNeutralFormats(client)
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
  try {
    const output = createGzip()
    const target = createWriteStream(draft, { mode: 0o600 })
    const written = finished(output.pipe(target))
    output.once('error', (error) => target.destroy(error))
    // A full disk shows here first: it must not pass as an unhandled failure while rows are being written.
    written.catch((error: unknown) => output.destroy(error as Error))
    const rows = await writeContent(client, accordVersion, async (data) => {
      if (!output.write(data)) await once(output, 'drain')
    })
    output.end()
    await written
    await rename(draft, file)
    return rows
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  } finally {
    await client.query('ROLLBACK')
  }
}

async function writeContent(
  client: Client,
  accordVersion: string,
  write: (data: string | Buffer) => Promise<void>,
): Promise<Record<string, number>> {
  const hash = createHash('sha256')
  const add = async (data: string | Buffer): Promise<void> => {
    hash.update(data)
    await write(data)
  }
  const header: BackupHeader = {
    accordVersion,
    createdAt: new Date().toISOString(),
    migrations: await listMigrations(client),
    tables: (await listStateTables(client)).map(({ name, columns }) => ({ name, columns: [...columns] })),
    sequences: await readSequences(client),
  }
  await add(`${MAGIC} ${BACKUP_FORMAT}\n${JSON.stringify(header)}\n`)
  const rows: Record<string, number> = {}
  for (const { name, columns } of header.tables) {
    await add(`table ${name}\n`)
    let count = 0
    const list = columns.map((column) => escapeIdentifier(column)).join(', ')
    const source = client.query(copyTo(`COPY ${escapeIdentifier(name)} (${list}) TO STDOUT (FORMAT text)`))
    for await (const chunk of source as AsyncIterable<Buffer>) {
      for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, at + 1)) count += 1
      await add(chunk)
    }
    await add(`${END_OF_ROWS}\n`)
    rows[name] = count
  }
  const trailer: BackupTrailer = { sha256: hash.digest('hex'), rows }
  await write(`${JSON.stringify(trailer)}\n`)
  return rows
}

async function readSequences(client: Client): Promise<BackupHeader['sequences']> {
  const sequences: BackupHeader['sequences'] = []
  for (const name of await listSequences(client)) {
    const { rows } = await client.query<{ last_value: string; is_called: boolean }>(
      `SELECT last_value::text, is_called FROM ${escapeIdentifier(name)}`,
    )
    const [state] = rows
    if (state !== undefined) {
      sequences.push({ name, lastValue: state.last_value, isCalled: state.is_called })
    }
  }
  return sequences
}
