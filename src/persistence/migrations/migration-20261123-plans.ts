import { Migration } from '@mikro-orm/migrations'

/** Plans: runs that write nothing and list what a run would do. They run beside others, so only real runs exclude each other. */
export class Migration20261123Plans extends Migration {
  override name = 'Migration20261123Plans'

  override up(): void {
    this.addSql('drop index synch_run_one_running')
    this.addSql('drop index synch_run_one_queued')
    this.addSql(
      "create unique index synch_run_one_running on synch_run (mapping_id) where kind in ('SCHEDULED', 'MANUAL') and status = 'RUNNING'",
    )
    this.addSql(
      "create unique index synch_run_one_queued on synch_run (mapping_id, (mode = 'COUPLE')) where kind in ('SCHEDULED', 'MANUAL') and status = 'QUEUED'",
    )
    this.addSql(`
      create table plan (
        run_id uuid primary key references synch_run on delete cascade,
        hash text,
        estimate json,
        applied_by_run uuid,
        created_at timestamptz(3) not null default clock_timestamp()
      )`)
    this.addSql(`
      create table plan_item (
        plan_id uuid not null references plan on delete cascade,
        number integer not null,
        page_id uuid not null,
        direction text not null,
        action text not null,
        source_id text not null,
        destination_id text,
        coupling_id uuid,
        local_name text,
        integration_name text,
        key_hash text not null,
        item json not null,
        refused boolean not null default false,
        primary key (plan_id, number)
      )`)
    this.addSql('create index plan_item_source on plan_item (plan_id, direction, source_id)')
    this.addSql('create index plan_item_destination on plan_item (plan_id, destination_id)')
  }
}
