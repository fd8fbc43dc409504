import { Migration } from '@mikro-orm/migrations'

/** What checks of connections found, and what such a check says of the failure of a whole run. */
export class Migration20261123ConnectionChecks extends Migration {
  override name = 'Migration20261123ConnectionChecks'

  override up(): void {
    this.addSql(`
      create table connection_check (
        id uuid primary key,
        connection_id uuid not null references connection on delete cascade,
        requested_by text not null,
        checked_at timestamptz(3) not null,
        findings jsonb not null
      )`)
    this.addSql('create index connection_check_latest on connection_check (connection_id, checked_at desc)')
    this.addSql('alter table integration_synch_error add column diagnosis text, add column evidence text')
  }
}
