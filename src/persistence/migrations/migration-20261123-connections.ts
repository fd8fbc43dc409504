import { Migration } from '@mikro-orm/migrations'

/** Connections that people make and change: versions, who did it, whether they are enabled, and when secrets were set. */
export class Migration20261123Connections extends Migration {
  override name = 'Migration20261123Connections'

  override up(): void {
    this.addSql(`
      alter table connection
        add column version integer not null default 1,
        add column changed_at timestamptz(3) not null default clock_timestamp(),
        add column changed_by text not null default 'Accord',
        add column disabled_at timestamptz(3),
        add column disabled_by text,
        add column forced_reason text,
        add column secrets_set_at jsonb not null default '{}'`)
    this.addSql('update connection set changed_at = created_at')
  }
}
