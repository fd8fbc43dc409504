import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { escapeIdentifier, type Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { ExpectedError } from '../exit-codes.js'
import { readBackup, type BackupHeader, type BackupPiece, type BackupTrailer } from './format.js'
import { listMigrations, listSequences, listStateTables, useNeutralFormats } from './tables.js'

/** Reads a whole backup without using it. @throws BackupFileError when it is none, or damaged */
export async function checkBackup(file: string): Promise<{ header: BackupHeader; trailer: BackupTrailer }> {
  let header: BackupHeader | null = null
  let trailer: BackupTrailer | null = null
  for await (const piece of readBackup(file)) {
    if (piece.kind === 'header') header = piece.header
    if (piece.kind === 'trailer') trailer = piece.trailer
  }
  if (header === null || trailer === null) throw new Error(`${file} was read without its header or trailer`)
  return { header, trailer }
}

/**
 * Puts a checked backup into a database with the same schema: everything in one transaction, or nothing.
 * @param force replaces the state that is there
 * @throws ExpectedError when the schemas differ, somebody else uses the database, or it holds state and `force` is off
 */
export async function restoreBackup(
  client: Client,
  file: string,
  header: BackupHeader,
  force: boolean,
): Promise<void> {
  await useNeutralFormats(client)
  await client.query('BEGIN')
  try {
    assertSameSchema(header, await listMigrations(client))
    await assertSameTables(client, header)
    await assertUnused(client)
    const tables = header.tables.map(({ name }) => escapeIdentifier(name)).join(', ')
    await client.query(`LOCK TABLE ${tables} IN ACCESS EXCLUSIVE MODE`)
    await assertEmpty(client, header, force)
    await client.query(`TRUNCATE ${tables}`)
    await copyRows(client, file, header)
    for (const { name, lastValue, isCalled } of header.sequences) {
      await client.query('SELECT setval(format($4, $1::text)::regclass, $2, $3)', [
        name,
        lastValue,
        isCalled,
        '%I',
      ])
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}

function assertSameSchema(header: BackupHeader, migrations: readonly string[]): void {
  const here = new Set(migrations)
  const there = new Set(header.migrations)
  const newer = header.migrations.filter((name) => !here.has(name))
  if (newer.length > 0) {
    throw new ExpectedError(
      `The backup was written by a newer Accord (${header.accordVersion}) whose schema this version does not know ` +
        `(${newer.join(', ')}). Restore it with that version.`,
    )
  }
  const older = migrations.filter((name) => !there.has(name))
  if (older.length > 0) {
    throw new ExpectedError(
      `The backup was written by an older Accord (${header.accordVersion}), before ${older.join(', ')}. ` +
        'Restore it with that version into an empty database, and start this version on it, which brings it up to date.',
    )
  }
}

async function assertSameTables(client: Client, header: BackupHeader): Promise<void> {
  const describe = (tables: readonly { readonly name: string; readonly columns: readonly string[] }[]) =>
    tables
      .map(({ name, columns }) => `${name} (${columns.toSorted().join(', ')})`)
      .toSorted()
      .join('\n')
  const sequences = await listSequences(client)
  const same =
    describe(header.tables) === describe(await listStateTables(client)) &&
    header.sequences.every(({ name }) => sequences.includes(name))
  if (!same) {
    throw new ExpectedError(
      'The tables of the database are not those of the backup, though their migrations are the same: somebody changed ' +
        'one of them by hand. Restore into a new database.',
    )
  }
}

/** A worker that goes on with what it remembers of the old state would damage the new one. */
async function assertUnused(client: Client): Promise<void> {
  // A connection closed this moment is still listed for some milliseconds.
  let connections = await countOtherConnections(client)
  for (let attempt = 0; attempt < 20 && connections > 0; attempt += 1) {
    await delay(100)
    connections = await countOtherConnections(client)
  }
  if (connections > 0) {
    throw new ExpectedError(
      `The database is in use by ${connections} other connection${connections === 1 ? '' : 's'}. Stop the workers, ` +
        'the API and whatever else uses it, and restore then.',
    )
  }
}

async function countOtherConnections(client: Client): Promise<number> {
  const { rows } = await client.query<{ connections: number }>(
    `SELECT count(*)::int AS connections FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  )
  return rows[0]?.connections ?? 0
}

async function assertEmpty(client: Client, header: BackupHeader, force: boolean): Promise<void> {
  if (force) return
  const filled: string[] = []
  for (const { name } of header.tables) {
    const { rows } = await client.query<{ filled: boolean }>(
      `SELECT EXISTS (SELECT FROM ${escapeIdentifier(name)}) AS filled`,
    )
    if (rows[0]?.filled === true) filled.push(name)
  }
  if (filled.length > 0) {
    throw new ExpectedError(
      `The database holds state already (${filled.join(', ')}). Nothing was changed. ` +
        'Restore into a new database, or replace what is there with --force.',
    )
  }
}

async function copyRows(client: Client, file: string, header: BackupHeader): Promise<void> {
  const columnsOf = new Map(header.tables.map(({ name, columns }) => [name, columns]))
  const pieces = readBackup(file)
  for (;;) {
    const { done, value: piece } = await pieces.next()
    if (done === true) return
    if (piece.kind !== 'table') continue
    const columns = (columnsOf.get(piece.name) ?? []).map((column) => escapeIdentifier(column))
    const copy = `COPY ${escapeIdentifier(piece.name)} (${columns.join(', ')}) FROM STDIN (FORMAT text)`
    await pipeline(rowsOfTable(pieces), client.query(copyFrom(copy)))
  }
}

/** Takes the rows of the table that was just announced, and leaves the rest of the pieces. */
async function* rowsOfTable(pieces: AsyncGenerator<BackupPiece>): AsyncGenerator<Buffer> {
  for (;;) {
    const { done, value: piece } = await pieces.next()
    if (done === true || piece.kind !== 'rows') return
    yield piece.data
  }
}
