import { Migration } from '@mikro-orm/migrations'

/** What is spent of the limits of each principal. Unlogged: a crash of the database loses minutes of counting, and nothing else. */
export class Migration20261123Governor extends Migration {
  override name = 'Migration20261123Governor'

  override up(): void {
    this.addSql(`
      create unlogged table governor (
        endpoint text not null,
        principal text not null,
        state jsonb,
        changed_at timestamptz not null default clock_timestamp(),
        primary key (endpoint, principal)
      ) with (fillfactor = 50)`)
  }
}
