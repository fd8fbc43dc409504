import { Client } from 'pg'
import { createTestDatabase } from './environment.js'
import { SystemPair, type PairParts } from './system-pair.js'

type Row = Readonly<Record<string, unknown>>

/** Settings name a secret, and do not hold it. */
function reference(password: string): string {
  process.env['PAIR_TEST_PASSWORD'] = password
  return 'env:PAIR_TEST_PASSWORD'
}

/** Settings of a connection to a database of the test cluster. */
export function settingsOf(url: string, more: Row = {}): Row {
  const { hostname, port, pathname, username, password } = new URL(url)
  return {
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    user: decodeURIComponent(username),
    password: reference(decodeURIComponent(password)),
    tls: 'off',
    ...more,
  }
}

/** Two PostgreSQL databases that Accord keeps in agreement, with a worker and the API. */
export class PostgresPair extends SystemPair {
  private constructor(
    readonly local: Client,
    readonly integration: Client,
    ...open: PairParts
  ) {
    super(...open)
  }

  /** `statements` run on both sides before anything else. `settings`: of both systems. */
  static async start(statements: string, settings: Row = {}): Promise<PostgresPair> {
    const closers: (() => Promise<unknown>)[] = []
    const [left, right] = [await createTestDatabase('pair_left'), await createTestDatabase('pair_right')]
    for (const database of [left, right]) closers.push(() => database.drop())
    const clients: Client[] = []
    for (const side of [left, right]) {
      const client = new Client({ connectionString: side.url })
      await client.connect()
      closers.push(() => client.end())
      await client.query(statements)
      clients.push(client)
    }
    const open = await SystemPair.open(
      {
        localSystem: { kind: 'POSTGRESQL', settings: settingsOf(left.url, settings) },
        integrationSystem: { kind: 'POSTGRESQL', settings: settingsOf(right.url, settings) },
      },
      closers,
    )
    const [local, integration] = clients as [Client, Client]
    return new PostgresPair(local, integration, ...open)
  }
}
