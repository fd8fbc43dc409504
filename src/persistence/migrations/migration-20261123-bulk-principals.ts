import { Migration } from '@mikro-orm/migrations'

/** Keys of bulk actions belong to who asked, not to his name, which others may have too. Keys from before are nobody's any more. */
export class Migration20261123BulkPrincipals extends Migration {
  override name = 'Migration20261123BulkPrincipals'

  override up(): void {
    this.addSql('alter table bulk_action add column principal text')
    this.addSql('drop index bulk_action_key')
    this.addSql('create unique index bulk_action_key on bulk_action (principal, key) where key is not null')
  }
}
