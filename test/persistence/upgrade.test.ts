import { expect, test } from 'vitest'
import { openDatabase } from '../../src/persistence/database.js'
import { Connection } from '../../src/persistence/entities/connection.js'
import { MIGRATIONS } from '../../src/persistence/migrations/index.js'
import { createTestDatabase } from '../support/environment.js'

const CONNECTION = '22222222-0000-0000-0000-000000000001'
const [CUSTOMER, CREATED, CHANGED, VENDOR, BY_VENDOR, COPY] = [1, 2, 3, 4, 5, 6].map(
  (digit) => `22222222-0000-0000-0000-00000000001${digit}`,
)

test('what an earlier version left under way goes on: connections are enabled, open intents know their tables', async () => {
  const { url, drop } = await createTestDatabase('upgrade')
  const database = await openDatabase(url)
  try {
    const before = MIGRATIONS.findIndex(({ name }) => name === 'Migration20261123SignIn') - 1
    await database.migrator.up({ to: MIGRATIONS[before]?.name ?? '' })
    const em = database.em.fork()
    const system = (kind: string) =>
      `'${JSON.stringify({ kind, settings: { url: 'https://x.example', tokenUrl: 't', clientId: 'c', clientSecret: 'env:SECRET', scope: 's' } })}'`
    await em.execute(`
      insert into connection (id, name, local_system, integration_system, created_at)
        values ('${CONNECTION}', 'c', ${system('BUSINESS_CENTRAL')}, ${system('DATAVERSE')}, '2026-03-01');
      insert into integration_table_mapping (id, connection_id, name, definition, position)
        values ('${CUSTOMER}', '${CONNECTION}', 'CUSTOMER', '{"localTable": "customers", "integrationTable": "accounts"}', 1),
               ('${VENDOR}', '${CONNECTION}', 'VENDOR', '{"localTable": "vendors", "integrationTable": "accounts"}', 2);
      insert into intent (id, mapping_id, run_id, job_id, kind, side, record_id, assigned_key, source_side, source_id, values, source,
          lost, deadline)
        values ('${CREATED}', '${CUSTOMER}', '${CUSTOMER}', '${CUSTOMER}', 'CREATE', 'LOCAL', null, 'S0001', 'INTEGRATION', 'a', '{}',
                '{}', '[]', now()),
               ('${CHANGED}', '${CUSTOMER}', '${CUSTOMER}', '${CUSTOMER}', 'UPDATE', 'INTEGRATION', 'b', null, 'LOCAL', 'k', '{}',
                '{}', '[]', now()),
               ('${BY_VENDOR}', '${VENDOR}', '${VENDOR}', '${VENDOR}', 'UPDATE', 'INTEGRATION', 'b', null, 'LOCAL', 'k', '{}',
                '{}', '[]', now()),
               ('${COPY}', '${VENDOR}', '${VENDOR}', '${VENDOR}', 'CREATE', 'LOCAL', null, 'S0001', 'INTEGRATION', 'a', '{}',
                '{}', '[]', now())`)

    await database.migrator.up()

    const connection = await database.em.fork().findOneOrFail(Connection, { id: CONNECTION })
    expect(connection).toMatchObject({ version: 1, changedBy: 'Accord', disabledAt: null, secretsSetAt: {} })
    expect(connection.changedAt).toEqual(connection.createdAt)
    expect(connection.localSystem.settings).toEqual({
      url: 'https://x.example',
      signIn: { kind: 'clientSecret', tokenUrl: 't', clientId: 'c', clientSecret: 'env:SECRET', scope: 's' },
    })
    const intents = await database.em
      .fork()
      .execute(
        'select kind, connection_id, record_table, source_table from intent order by kind, source_table, record_table',
      )
    // Two mappings had an account under way at once: both are still to be settled.
    expect(intents).toEqual([
      { kind: 'CREATE', connection_id: CONNECTION, record_table: 'customers', source_table: 'accounts' },
      { kind: 'CREATE', connection_id: CONNECTION, record_table: 'vendors', source_table: 'accounts' },
      { kind: 'UPDATE', connection_id: CONNECTION, record_table: 'accounts', source_table: 'customers' },
      { kind: 'UPDATE', connection_id: CONNECTION, record_table: 'accounts', source_table: 'vendors' },
    ])
  } finally {
    await database.close(true)
    await drop()
  }
})
