import { Migration } from '@mikro-orm/migrations'

/** A bulk action may be about skipped synch. records, each bound to the versions with which it was selected. */
export class Migration20261123BulkSettlements extends Migration {
  override name = 'Migration20261123BulkSettlements'

  override up(): void {
    this.addSql(`
      alter table bulk_action
        add column fields json,
        add column changed_since integer not null default 0`)
    this.addSql(`
      alter table bulk_action_target
        alter column error_id drop not null,
        add column state_id uuid,
        add column coupling_id uuid,
        add column local_version text,
        add column integration_version text`)
    this.addSql(
      `create index bulk_action_target_changed on bulk_action_target (action_id, number) where outcome = 'CHANGED_SINCE'`,
    )
  }
}
