import { Migration } from '@mikro-orm/migrations'

/** Deletions found and reviewed, what records wait for, and what a coupling remembers of rounds of edits. */
export class Migration20261123Deletions extends Migration {
  override name = 'Migration20261123Deletions'

  override up(): void {
    this.addSql(`
      alter table record_state
        add column gone_side text,
        add column waits_for_mappings jsonb, add column waits_for_side text, add column waits_for_id text,
        add column pulled_at timestamptz(3)`)
    this.addSql(
      'create index record_state_waits on record_state (waits_for_side, waits_for_id) where waits_for_id is not null',
    )
    this.addSql(`create index record_state_deletion on record_state (mapping_id, reason, id)
      where reason in ('DELETION', 'DELETION_REVIEW', 'DELETION_ALLOWED')`)
    this.addSql('alter table coupling add column flap json')
    this.addSql(`
      alter table synch_job
        add column token_expired boolean not null default false, add column other_clock_offset bigint`)
    this.addSql(
      "create unique index intent_deletion on intent (coupling_id) where kind in ('RESTORE', 'DELETE')",
    )
    this.addSql(`
      create unlogged table swept_record (
        job_id uuid not null,
        sweep_id uuid not null,
        record_id text not null,
        primary key (sweep_id, record_id)
      )`)
    this.addSql('create index swept_record_job on swept_record (job_id)')
    this.addSql(`
      create table deletion_review (
        id uuid primary key,
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        run_id uuid,
        status text not null,
        couplings integer not null,
        opened_at timestamptz(3) not null default clock_timestamp(),
        decided_at timestamptz(3),
        decided_by text
      )`)
    this.addSql(
      "create unique index deletion_review_one_open on deletion_review (mapping_id) where status = 'OPEN'",
    )
    this.addSql('create index deletion_review_recent on deletion_review (opened_at desc, id)')
    this.addSql(`
      create table deletion_review_record (
        review_id uuid not null references deletion_review on delete cascade,
        coupling_id uuid not null,
        gone_side text not null,
        local_id text not null,
        integration_id text not null,
        local_name text,
        integration_name text,
        primary key (review_id, coupling_id)
      )`)
  }
}
