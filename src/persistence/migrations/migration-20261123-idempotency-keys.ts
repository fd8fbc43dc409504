import { Migration } from '@mikro-orm/migrations'

/** What was asked for under a name of the client's own, so that asked for twice it is done once. */
export class Migration20261123IdempotencyKeys extends Migration {
  override name = 'Migration20261123IdempotencyKeys'

  override up(): void {
    this.addSql(`create table idempotency_key (
      principal text not null,
      key text not null,
      mutation text not null,
      request text not null,
      status text not null check (status in ('RUNNING', 'DONE', 'UNKNOWN')),
      result json,
      created_at timestamptz not null default now(),
      alive_at timestamptz not null default now(),
      primary key (principal, key)
    )`)
    this.addSql('create index idempotency_key_created_at on idempotency_key (created_at)')
  }
}
