import { Migration } from '@mikro-orm/migrations'

/** Rehearsals: recorded changes, run through a mapping that is not in force. The history is also read by time alone. */
export class Migration20261123Rehearsals extends Migration {
  override name = 'Migration20261123Rehearsals'

  override up(): void {
    this.addSql(`
      create table rehearsal (
        id uuid primary key,
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        mapping_version integer not null,
        definition json not null,
        last integer not null,
        status text not null,
        requested_by text not null,
        requested_at timestamptz(3) not null default clock_timestamp(),
        finished_at timestamptz(3),
        message text,
        result json
      )`)
    this.addSql('create index rehearsal_recent on rehearsal (mapping_id, requested_at desc)')
    this.addSql('create index record_write_time on record_write (at, id)')
  }
}
