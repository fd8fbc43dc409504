import { Migration } from '@mikro-orm/migrations'

/** What was asked of a run or a mapping stands in its row, so that no signal between two workflows can lose it. */
export class Migration20261123Requests extends Migration {
  override name = 'Migration20261123Requests'

  override up(): void {
    this.addSql('alter table synch_run add column cancel_requested_at timestamptz(3)')
    this.addSql('alter table integration_table_mapping add column hinted_at timestamptz(3)')
  }
}
