import { Migration } from '@mikro-orm/migrations'

/** Alerts are acknowledged, announce what becomes of them, whoever changes it, and go when they are old. */
export class Migration20261123AlertHistory extends Migration {
  override name = 'Migration20261123AlertHistory'

  override up(): void {
    this.addSql(`
      alter table alert
        add column acknowledged_at timestamptz(3),
        add column acknowledged_by text`)
    this.addSql('create index alert_over on alert (recovered_at) where recovered_at is not null')
    this.addSql('create index alert_of_rule on alert (rule_id, fired_at desc, id)')
    this.addSql('create index alert_delivery_test on alert_delivery (created_at) where alert_id is null')
    this.addSql(`
      create function accord_announce_alert() returns trigger language plpgsql as $$
      begin
        if exists (select from changed) then
          perform pg_notify('accord_events', '{"topic":"alert"}');
        end if;
        return null;
      end $$`)
    for (const event of ['insert', 'update', 'delete']) {
      const rows = event === 'delete' ? 'old' : 'new'
      this.addSql(`
        create trigger accord_announce_${event} after ${event} on alert
        referencing ${rows} table as changed
        for each statement execute function accord_announce_alert()`)
    }
  }
}
