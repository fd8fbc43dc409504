import { Migration } from '@mikro-orm/migrations'

/** Updates that went by a message without versions may land late whatever became of the record: their intents say so. */
export class Migration20261123BulkUpdates extends Migration {
  override name = 'Migration20261123BulkUpdates'

  override up(): void {
    this.addSql('alter table intent add column unconditional boolean not null default false')
  }
}
