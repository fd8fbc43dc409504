import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EntityName } from '@mikro-orm/postgresql'
import { migrate, openDatabase, type Database } from '../../src/persistence/database.js'
import { CouplingRecord } from '../../src/persistence/entities/coupling.js'
import { ErrorGroup } from '../../src/persistence/entities/error-group.js'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { RecordWrite } from '../../src/persistence/entities/record-write.js'
import { SynchError } from '../../src/persistence/entities/synch-error.js'
import { SynchJob } from '../../src/persistence/entities/synch-job.js'
import { SynchRun } from '../../src/persistence/entities/synch-run.js'
import { rowsByIds } from '../../src/persistence/read-rows.js'
import { nameConflict, Rows } from '../api/support/rows.js'
import { createTestDatabase } from '../support/environment.js'

let database: Database
let rows: Rows

beforeAll(async () => {
  const created = await createTestDatabase('read_rows')
  database = await openDatabase(created.url)
  await migrate(database, created.url)
  rows = new Rows(database)
})
afterAll(() => database.close(true))

/** Every property of a row, read as the resolvers read it. */
async function bothWays<Row extends { id: string }>(
  entity: EntityName<Row>,
  id: string,
): Promise<readonly [object, object]> {
  const em = database.em.fork()
  const names = em
    .getMetadata()
    .get<Row>(entity)
    .props.map((property) => property.name)
  const shown = (row: Row | undefined): object =>
    Object.fromEntries(names.map((name) => [name, row?.[name] ?? null]))
  const found = await em.find(entity, { id } as never, { disableIdentityMap: true })
  const [plain] = await rowsByIds(em, entity, [id])
  return [shown(found[0]), shown(plain)]
}

test('rows read without the entity manager are those that it reads', async () => {
  const mapping = await rows.mapping({
    toClockOffset: -1500,
    toWatermark: new Date('2026-03-01T12:00:00.123Z'),
  })
  const run = await rows.run(mapping)
  const job = await rows.job(mapping, run)
  const coupling = await rows.coupling(mapping, {
    lastJobId: job,
    base: { name: { local: 'Adatum "1"\u0000', integration: null } } as never,
  })
  const error = await rows.error(mapping, { couplingId: coupling, runId: run, detail: nameConflict() })
  const em = database.em.fork()
  await em.execute(`
    insert into error_group (id, mapping_id, fingerprint, error_class, resolvable_by, message, cause, remedy, tags)
      values (gen_random_uuid(), '${mapping}', 'x', 'VALIDATION', 'USER', 'm', 'c', 'r', '{"one, two",three}');
    insert into record_write (id, mapping_id, side, kind, decision_row, fields, before, after, lost)
      values (gen_random_uuid(), '${mapping}', 'LOCAL', 'UPDATE', '1', '{name,city}', '["a",null]', '["b","c"]', '{city}')`)
  const [group] = await em.find(ErrorGroup, {})
  const [write] = await em.find(RecordWrite, {})
  const all: readonly (readonly [EntityName<{ id: string }>, string])[] = [
    [Mapping, mapping],
    [SynchRun, run],
    [SynchJob, job],
    [CouplingRecord, coupling],
    [SynchError, error],
    [ErrorGroup, group?.id ?? ''],
    [RecordWrite, write?.id ?? ''],
  ]
  for (const [entity, id] of all) {
    const [found, plain] = await bothWays(entity, id)
    expect(plain).toEqual(found)
    expect(Object.values(plain).some((value) => value !== null)).toBe(true)
  }
  const [plainWrite] = await rowsByIds(em, RecordWrite, [write?.id ?? ''])
  expect(plainWrite?.written()).toEqual([
    { field: 'name', before: 'a', after: 'b', lost: false },
    { field: 'city', before: null, after: 'c', lost: true },
  ])
  const [plainMapping] = await rowsByIds(em, Mapping, [mapping])
  expect(plainMapping?.direction).toBe('BIDIRECTIONAL')
})

test('times are the same whatever the time zone of the session', async () => {
  const connectionId = await rows.connection({ name: 'Fabrikam' })
  const mapping = await rows.mapping({ connectionId, toWatermark: new Date('2026-03-01T12:00:00.123Z') })
  await database.em.fork().transactional(async (em) => {
    await em.execute(`set local time zone 'Asia/Kolkata'`)
    const [row] = await rowsByIds(em, Mapping, [mapping])
    expect(row?.toWatermark).toEqual(new Date('2026-03-01T12:00:00.123Z'))
  })
})
