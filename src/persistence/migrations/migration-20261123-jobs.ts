import { Migration } from '@mikro-orm/migrations'

/** Pausing, and full synchronisations of a connection with their review list. */
export class Migration20261123Jobs extends Migration {
  override name = 'Migration20261123Jobs'

  override up(): void {
    this.addSql('alter table connection add column paused_at timestamptz(3), add column paused_by text')
    this.addSql(
      `alter table synch_run add column paused_at timestamptz(3), add column include_uncoupled boolean not null default false`,
    )
    this.addSql('drop index synch_run_one_queued')
    this.addSql(
      `create unique index synch_run_one_queued on synch_run (mapping_id, (mode = 'COUPLE')) where kind <> 'RECORDS' and status = 'QUEUED'`,
    )
    this.addSql(`
      create table full_synch (
        id uuid primary key,
        connection_id uuid not null references connection on delete cascade,
        status text not null,
        requested_by text not null,
        requested_at timestamptz(3) not null default clock_timestamp(),
        started_at timestamptz(3),
        finished_at timestamptz(3),
        paused_at timestamptz(3),
        message text
      )`)
    this.addSql(
      "create unique index full_synch_one_open on full_synch (connection_id) where status in ('REVIEW', 'RUNNING')",
    )
    this.addSql(`
      create table full_synch_line (
        full_synch_id uuid not null references full_synch on delete cascade,
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        position integer not null,
        depends_on jsonb not null,
        local_count integer,
        integration_count integer,
        coupled_count integer not null default 0,
        recommendation text not null,
        action text not null,
        status text not null,
        run_id uuid,
        message text,
        primary key (full_synch_id, mapping_id)
      )`)
  }
}
