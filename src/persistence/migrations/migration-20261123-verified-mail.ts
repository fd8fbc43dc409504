import { Migration } from '@mikro-orm/migrations'

/** Whether the provider of sign-in vouches for somebody's e-mail. */
export class Migration20261123VerifiedMail extends Migration {
  override name = 'Migration20261123VerifiedMail'

  override up(): void {
    this.addSql('alter table app_user add column is_email_verified boolean not null default false')
  }
}
