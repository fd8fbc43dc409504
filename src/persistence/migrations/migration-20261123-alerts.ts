import { Migration } from '@mikro-orm/migrations'

/** Rules, the channels that they tell, what is wrong now and was before, and what was sent to whom. */
export class Migration20261123Alerts extends Migration {
  override name = 'Migration20261123Alerts'

  override up(): void {
    this.addSql(`
      create table alert_channel (
        id uuid primary key,
        name text not null unique,
        kind text not null,
        settings jsonb not null,
        secret text,
        enabled boolean not null,
        version integer not null default 1,
        created_at timestamptz(3) not null default clock_timestamp()
      )`)
    this.addSql(`
      create table alert_rule (
        id uuid primary key,
        name text not null unique,
        kind text not null,
        mapping_id uuid references integration_table_mapping on delete cascade,
        threshold integer,
        minutes integer,
        enabled boolean not null,
        version integer not null default 1,
        created_at timestamptz(3) not null default clock_timestamp()
      )`)
    this.addSql(`
      create table alert_rule_channel (
        rule_id uuid not null references alert_rule on delete cascade,
        channel_id uuid not null references alert_channel on delete cascade,
        primary key (rule_id, channel_id)
      )`)
    this.addSql(`
      create table alert (
        id uuid primary key,
        rule_id uuid not null references alert_rule on delete cascade,
        subject_key text not null,
        subject text not null,
        message text not null,
        fired_at timestamptz(3) not null default clock_timestamp(),
        recovered_at timestamptz(3)
      )`)
    this.addSql('create unique index alert_open on alert (rule_id, subject_key) where recovered_at is null')
    this.addSql('create index alert_recent on alert (fired_at desc, id)')
    this.addSql(`
      create table alert_delivery (
        id uuid primary key,
        alert_id uuid references alert on delete cascade,
        channel_id uuid not null references alert_channel on delete cascade,
        event text not null,
        message jsonb not null,
        status text not null,
        attempts integer not null default 0,
        due_at timestamptz(3) not null default clock_timestamp(),
        created_at timestamptz(3) not null default clock_timestamp(),
        delivered_at timestamptz(3),
        answer text
      )`)
    this.addSql("create index alert_delivery_due on alert_delivery (due_at) where status = 'PENDING'")
    this.addSql('create index alert_delivery_alert on alert_delivery (alert_id, created_at)')
    this.addSql('create index alert_delivery_channel on alert_delivery (channel_id, created_at desc)')
  }
}
