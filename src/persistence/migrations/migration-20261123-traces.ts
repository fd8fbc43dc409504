import { Migration } from '@mikro-orm/migrations'

/** The trace in which an error was met, and a record was written. */
export class Migration20261123Traces extends Migration {
  override name = 'Migration20261123Traces'

  override up(): void {
    this.addSql('alter table integration_synch_error add column trace_id text')
    this.addSql('alter table record_write add column trace_id text')
  }
}
