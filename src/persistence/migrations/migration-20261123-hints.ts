import { Migration } from '@mikro-orm/migrations'

/** Subscriptions to the notifications of systems, one a table. */
export class Migration20261123Hints extends Migration {
  override name = 'Migration20261123Hints'

  override up(): void {
    this.addSql(`
      create table hint_subscription (
        id uuid primary key,
        connection_id uuid not null references connection on delete cascade,
        side text not null,
        table_name text not null,
        notification_url text,
        subscription_id text,
        version text,
        expires_at timestamptz(3),
        state_hash text,
        next_state_hash text,
        due_at timestamptz(3) not null default clock_timestamp(),
        message text,
        unique (connection_id, side, table_name)
      )`)
  }
}
