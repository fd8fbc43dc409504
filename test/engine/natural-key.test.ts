import { Client } from 'pg'
import { expect, test } from 'vitest'
import { findLanded } from '../../src/activities/find-landed.js'
import type { MappingContext } from '../../src/activities/mapping-context.js'
import { createConnector } from '../../src/connectors/create-connector.js'
import type { Intent } from '../../src/persistence/queries/intents.js'
import { createTestDatabase } from '../support/environment.js'

test('a creation that was not answered is found by its own key only where the record is as it was sent', async () => {
  const database = await createTestDatabase('natural_key')
  const client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query(`create table country (code text primary key, name text, rank int, note text, modified timestamptz);
    insert into country values ('DE', 'Germany', 1, null, now()), ('FR', 'La France', 2, null, now()), ('IT', 'Italy', 3, 'by us', now())`)
  const { hostname, port, pathname, username, password } = new URL(database.url)
  const connector = createConnector('POSTGRESQL', {
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    user: decodeURIComponent(username),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    tls: 'off',
  })
  const table = await connector.describeTable('country')
  const creation = (code: string, name: string) =>
    ({
      id: code,
      kind: 'CREATE',
      side: 'INTEGRATION',
      recordId: code,
      sentAt: 1,
      values: { code, name },
    }) as unknown as Intent
  const context = {
    connectors: { INTEGRATION: connector },
    tables: { INTEGRATION: table },
    fields: { INTEGRATION: ['code', 'name'] },
    mapping: { tokenOf: () => null },
  } as unknown as MappingContext

  const { landed, taken } = await findLanded(context, 'INTEGRATION', [
    creation('DE', 'Germany'),
    creation('FR', 'France'),
    creation('IT', 'Italy'),
    creation('ES', 'Spain'),
  ])

  expect([...landed.keys()]).toEqual(['DE', 'IT'])
  expect([...taken]).toEqual([['FR', expect.objectContaining({ errorClass: 'DUPLICATE' })]])
  expect(taken.get('FR')?.message).toContain('FR')
  await connector.close()
  await client.end()
  await database.drop()
})
