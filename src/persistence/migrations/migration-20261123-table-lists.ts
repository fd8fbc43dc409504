import { Migration } from '@mikro-orm/migrations'

/** The names of the tables that a connection's systems have, as their metadata told last. */
export class Migration20261123TableLists extends Migration {
  override name = 'Migration20261123TableLists'

  override up(): void {
    this.addSql(`
      create table connection_table_list (
        connection_id uuid not null references connection on delete cascade,
        side text not null,
        tables jsonb not null,
        read_at timestamptz(3) not null default clock_timestamp(),
        primary key (connection_id, side)
      )`)
  }
}
