import { Migration } from '@mikro-orm/migrations'

const OUTCOMES = ['inserted', 'modified', 'deleted', 'unchanged', 'skipped', 'failed', 'conflicts', 'retried']

/**
 * What was carried and how runs ended, added up for ever: jobs are deleted some day, and a counter never falls. Only appended to, so that no
 * transaction waits for another one; the housekeeping of workers adds the rows up.
 */
export class Migration20261123Throughput extends Migration {
  override name = 'Migration20261123Throughput'

  override up(): void {
    this.addSql(`
      create table throughput (
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        name text not null,
        label text not null,
        total bigint not null
      )`)
    this.addSql('create index throughput_mapping on throughput (mapping_id)')
    const differences = OUTCOMES.map((name) => `('${name}', after.${name} - before.${name})`).join(', ')
    this.addSql(`
      create function accord_throughput_of_jobs() returns trigger language plpgsql as $$
      begin
        insert into throughput (mapping_id, name, label, total)
        select after.mapping_id, 'rows', counted.outcome, counted.difference
        from after join before on before.id = after.id,
          lateral (values ${differences}) as counted(outcome, difference)
        where counted.difference > 0;
        return null;
      end $$`)
    this.addSql(`
      create trigger accord_throughput after update on synch_job
      referencing old table as before new table as after
      for each statement execute function accord_throughput_of_jobs()`)
    this.addSql(`
      create function accord_throughput_of_runs() returns trigger language plpgsql as $$
      begin
        insert into throughput (mapping_id, name, label, total)
        select after.mapping_id, 'runs', after.status, 1
        from after join before on before.id = after.id
        where after.status <> before.status and after.status in ('COMPLETED', 'FAILED', 'CANCELLED')
          and after.kind <> 'PLAN';
        return null;
      end $$`)
    this.addSql(`
      create trigger accord_throughput after update on synch_run
      referencing old table as before new table as after
      for each statement execute function accord_throughput_of_runs()`)
  }
}
