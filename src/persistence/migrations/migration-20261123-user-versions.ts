import { Migration } from '@mikro-orm/migrations'

/** What an administrator changed last about somebody, so that nobody undoes it unseen. */
export class Migration20261123UserVersions extends Migration {
  override name = 'Migration20261123UserVersions'

  override up(): void {
    this.addSql('alter table app_user add column version integer not null default 1')
  }
}
