import { Migration } from '@mikro-orm/migrations'

/** A hundred thousand targets of a bulk action are noted without a look at their action for each; open errors are counted by class from an index. */
export class Migration20261123BulkTargets extends Migration {
  override name = 'Migration20261123BulkTargets'

  override up(): void {
    this.addSql('alter table bulk_action_target drop constraint bulk_action_target_action_id_fkey')
    this.addSql(`
      create function forget_bulk_targets() returns trigger language plpgsql as $$
      begin
        delete from bulk_action_target where action_id in (select id from gone);
        return null;
      end $$`)
    this.addSql(`
      create trigger bulk_action_gone after delete on bulk_action
      referencing old table as gone for each statement execute function forget_bulk_targets()`)
    this.addSql(`
      create index integration_synch_error_standing_class on integration_synch_error (mapping_id, error_class, last_seen desc, id)
      where resolved_at is null`)
  }
}
