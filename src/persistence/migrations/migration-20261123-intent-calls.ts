import { Migration } from '@mikro-orm/migrations'

/** What became of the intents of a page, a row for each bulk call and for each of its answers, so that no intent is written again. */
export class Migration20261123IntentCalls extends Migration {
  override name = 'Migration20261123IntentCalls'

  override up(): void {
    this.addSql(`
      create table intent_call (
        id bigint generated always as identity primary key,
        page_id uuid not null,
        side text not null,
        intent_ids uuid[] not null,
        at timestamptz(3) not null default clock_timestamp(),
        answers bytea
      )`)
    this.addSql('create index intent_call_page on intent_call (page_id)')
  }
}
