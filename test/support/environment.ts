import { Client } from 'pg'
import { inject } from 'vitest'

/** The superuser's address of the test cluster's database `postgres`. */
export function testDatabaseUrl(): string {
  return inject('ACCORD_TEST_DATABASE_URL')
}

/** Host and port of the test run's Temporal server; its namespace is `default`. */
export function temporalAddress(): string {
  return inject('ACCORD_TEST_TEMPORAL_ADDRESS')
}

export interface TestDatabase {
  readonly name: string
  readonly url: string
  /** Ends all its connections and removes it. */
  drop(): Promise<void>
}

let created = 0

/** Creates an empty database. `name` is a prefix: two calls with one name give two databases. */
export async function createTestDatabase(name: string): Promise<TestDatabase> {
  created += 1
  const database = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}_${process.pid}_${created}`
  await asAdministrator(`CREATE DATABASE "${database}" TEMPLATE template0`)
  const url = new URL(testDatabaseUrl())
  url.pathname = `/${database}`
  return {
    name: database,
    url: url.href,
    drop: () => asAdministrator(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`),
  }
}

async function asAdministrator(statement: string): Promise<void> {
  const client = new Client({ connectionString: testDatabaseUrl() })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
