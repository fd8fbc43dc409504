import { Migration } from '@mikro-orm/migrations'

/** Reconciliations of a mapping with what they found, and the schedule on which they start by themselves. */
export class Migration20261123Reconciliations extends Migration {
  override name = 'Migration20261123Reconciliations'

  override up(): void {
    for (const table of ['integration_table_mapping', 'mapping_version'])
      this.addSql(`update ${table} set definition = definition || '{"reconcileSchedule": null}'::jsonb`)
    this.addSql(`
      create table reconciliation (
        id uuid primary key,
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        mapping_version integer not null,
        status text not null,
        requested_by text not null,
        requested_at timestamptz(3) not null default clock_timestamp(),
        started_at timestamptz(3),
        finished_at timestamptz(3),
        paused_at timestamptz(3),
        message text,
        workflow_id text not null,
        workflow_run_id text,
        local_step integer not null default 0,
        local_next text,
        local_done boolean not null default false,
        local_records integer not null default 0,
        integration_step integer not null default 0,
        integration_next text,
        integration_done boolean not null default false,
        integration_records integer not null default 0,
        examine_step integer not null default 0,
        examined_after uuid,
        examined integer not null default 0,
        pairs integer,
        counts jsonb
      )`)
    this.addSql(
      "create unique index reconciliation_one_running on reconciliation (mapping_id) where status = 'RUNNING'",
    )
    this.addSql('create index reconciliation_recent on reconciliation (mapping_id, requested_at desc)')
    this.addSql(`
      create table reconciliation_item (
        id uuid primary key,
        reconciliation_id uuid not null references reconciliation on delete cascade,
        verdict text not null,
        coupling_id uuid,
        local_id text,
        integration_id text,
        local_name text,
        integration_name text,
        local_version text,
        integration_version text,
        partner_id text,
        reason text not null,
        fields json not null,
        recommended json not null,
        repair_keep text,
        repair_action text,
        repair_run_id uuid
      )`)
    this.addSql(
      'create index reconciliation_item_place on reconciliation_item (reconciliation_id, verdict, id)',
    )
    this.addSql(
      'create index reconciliation_item_coupling on reconciliation_item (reconciliation_id, coupling_id)',
    )
    // Sides of pairs that are as they were last agreed on. Lost with a crash of the database, they are read by id instead.
    this.addSql(`
      create unlogged table reconciled_side (
        reconciliation_id uuid not null,
        coupling_id uuid not null,
        side text not null,
        revision integer not null,
        primary key (reconciliation_id, coupling_id, side)
      )`)
  }
}
