import { expect, test } from 'vitest'
import { openDatabase } from '../../src/persistence/database.js'
import { MIGRATIONS } from '../../src/persistence/migrations/index.js'
import { createTestDatabase } from '../support/environment.js'

const MAPPING = '11111111-0000-0000-0000-000000000001'
const RUN = '11111111-0000-0000-0000-000000000002'
const COUPLING = '11111111-0000-0000-0000-000000000003'

test('values that lost, as an earlier version kept them, become writes', async () => {
  const { url, drop } = await createTestDatabase('history_migration')
  const database = await openDatabase(url)
  try {
    const before = MIGRATIONS.findIndex(({ name }) => name === 'Migration20261123History') - 1
    await database.migrator.up({ to: MIGRATIONS[before]?.name ?? '' })
    const em = database.em.fork()
    await em.execute(`
      insert into connection (id, name, local_system, integration_system) values ('${MAPPING}', 'c', '{}', '{}');
      insert into integration_table_mapping (id, connection_id, name, definition, position)
        values ('${MAPPING}', '${MAPPING}', 'CUSTOMER', '{}', 1);
      insert into synch_run (id, mapping_id, kind, mode, status, requested_by, workflow_id)
        values ('${RUN}', '${MAPPING}', 'MANUAL', 'MODIFIED', 'COMPLETED', 'Maria', '');
      insert into history_entry (id, mapping_id, run_id, coupling_id, local_id, integration_id, side, field, value, replaced_by,
          decision_row, at)
        select gen_random_uuid(), '${MAPPING}', '${RUN}', '${COUPLING}', 'l', 'i', side, field, value::json, replaced::json, row,
          '2026-03-01'
        from (values ('LOCAL', 'city', '"Oslo"', '"Bergen"', '15'), ('LOCAL', 'name', '"nul \\u0000"', 'null', '15'),
                     ('INTEGRATION', 'name', '"Gone"', 'null', '4')) as old(side, field, value, replaced, row)`)

    await database.migrator.up()

    const rows = await em.execute(
      `select side, kind, decision_row, requested_by, fields, before, after, lost, local_id, coupling_id, at::date::text as day
       from record_write order by side desc`,
    )
    const common = { requested_by: 'Maria', local_id: 'l', coupling_id: COUPLING, day: '2026-03-01' }
    expect(rows).toEqual([
      {
        ...common,
        side: 'LOCAL',
        kind: 'UPDATE',
        decision_row: '15',
        fields: ['city', 'name'],
        before: ['Oslo', 'nul \0'],
        after: ['Bergen', null],
        lost: ['city', 'name'],
      },
      {
        ...common,
        side: 'INTEGRATION',
        kind: 'DELETE',
        decision_row: '4',
        fields: ['name'],
        before: ['Gone'],
        after: null,
        lost: ['name'],
      },
    ])
  } finally {
    await database.close(true)
    await drop()
  }
})
