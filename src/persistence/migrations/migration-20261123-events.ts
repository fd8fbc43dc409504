import { Migration } from '@mikro-orm/migrations'

/** Changes of tables, each with the topics that tell of it. A coupling changes with every page, its number does not. */
const ANNOUNCED: readonly {
  readonly table: string
  readonly events: readonly ('insert' | 'update' | 'delete')[]
  readonly announcement: string
}[] = [
  {
    table: 'synch_run',
    events: ['insert', 'update'],
    announcement: `select distinct 'run' as topic, mapping_id, id as run_id from changed`,
  },
  {
    table: 'synch_job',
    events: ['insert', 'update'],
    announcement: `select distinct 'run' as topic, mapping_id, run_id from changed`,
  },
  {
    table: 'integration_synch_error',
    events: ['insert', 'update', 'delete'],
    announcement: `select distinct topic, mapping_id, null::uuid as run_id from changed, unnest(array['error', 'counters']) as topic`,
  },
  {
    table: 'record_state',
    events: ['insert', 'update', 'delete'],
    announcement: `select distinct 'counters' as topic, mapping_id, null::uuid as run_id from changed`,
  },
  {
    table: 'coupling',
    events: ['insert', 'delete'],
    announcement: `select distinct 'counters' as topic, mapping_id, null::uuid as run_id from changed`,
  },
]

/** Tables announce what changes in them, whoever changes it: one notification a statement, mapping and topic; alike ones of a transaction are one. */
export class Migration20261123Events extends Migration {
  override name = 'Migration20261123Events'

  override up(): void {
    for (const { table, events, announcement } of ANNOUNCED) {
      this.addSql(`
        create function accord_announce_${table}() returns trigger language plpgsql as $$
        begin
          perform pg_notify('accord_events', json_strip_nulls(json_build_object(
            'topic', topic, 'mappingId', mapping_id, 'runId', run_id))::text)
          from (${announcement}) as announced;
          return null;
        end $$`)
      for (const event of events) {
        const rows = event === 'delete' ? 'old' : 'new'
        this.addSql(`
          create trigger accord_announce_${event} after ${event} on ${table}
          referencing ${rows} table as changed
          for each statement execute function accord_announce_${table}()`)
      }
    }
  }
}
