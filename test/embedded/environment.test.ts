import { Connection } from '@temporalio/client'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { createTestDatabase, temporalAddress, testDatabaseUrl } from '../support/environment.js'

test('a test database exists until it is dropped', async () => {
  const database = await createTestDatabase('environment')
  const client = new Client({ connectionString: database.url })
  await client.connect()
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name')
  expect(rows).toEqual([{ name: database.name }])
  await client.end()

  await database.drop()
  const administrator = new Client({ connectionString: testDatabaseUrl() })
  await administrator.connect()
  const left = await administrator.query('SELECT 1 FROM pg_database WHERE datname = $1', [database.name])
  expect(left.rowCount).toBe(0)
  await administrator.end()
})

test('Temporal knows the namespace default', async () => {
  const connection = await Connection.connect({ address: temporalAddress() })
  const answer = await connection.workflowService.describeNamespace({ namespace: 'default' })
  expect(answer.namespaceInfo?.name).toBe('default')
  await connection.close()
})
