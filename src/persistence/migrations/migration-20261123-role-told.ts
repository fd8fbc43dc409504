import { Migration } from '@mikro-orm/migrations'

/** When the provider of sign-in told last what somebody may do: a role of which nothing is heard is forgotten. */
export class Migration20261123RoleTold extends Migration {
  override name = 'Migration20261123RoleTold'

  override up(): void {
    this.addSql('alter table app_user add column role_told_at timestamptz(3) not null default now()')
  }
}
