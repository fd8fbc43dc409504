import { Migration } from '@mikro-orm/migrations'

/** Groups of errors with the same root cause, their life cycle, statistics that survive a purge, and actions over many errors. */
export class Migration20261123ErrorGroups extends Migration {
  override name = 'Migration20261123ErrorGroups'

  override up(): void {
    this.addSql(
      'alter table integration_synch_error add column group_id uuid, add column resolved_by text, add column assignee text',
    )
    this.groups()
    this.statistics()
    this.bulkActions()
    this.backfill()
    this.indexes()
  }

  private groups(): void {
    this.addSql(`
      create table error_group (
        id uuid primary key,
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        fingerprint text not null,
        error_class text not null,
        resolvable_by text not null,
        message text not null,
        cause text not null,
        remedy text not null,
        field text,
        code text,
        diagnosis text,
        open_count integer not null default 0,
        resolved_count integer not null default 0,
        occurrences integer not null default 0,
        first_seen timestamptz(3) not null default clock_timestamp(),
        last_seen timestamptz(3) not null default clock_timestamp(),
        assignee text,
        snoozed_until timestamptz(3),
        resolved_at timestamptz(3),
        resolved_by text,
        reopened integer not null default 0,
        tags text[] not null default '{}',
        version integer not null default 1,
        unique (mapping_id, fingerprint)
      )`)
    this.addSql('create index error_group_recent on error_group (last_seen desc, id)')
    this.addSql('create index error_group_first on error_group (first_seen desc, id)')
    this.addSql('create index error_group_open on error_group (open_count desc, id)')
    this.addSql('create index error_group_occurrences on error_group (occurrences desc, id)')
    this.addSql(`
      create table error_group_event (
        id uuid primary key,
        group_id uuid not null references error_group on delete cascade,
        kind text not null,
        actor text not null,
        at timestamptz(3) not null default clock_timestamp(),
        detail text
      )`)
    this.addSql('create index error_group_event_group on error_group_event (group_id, at desc, id)')
  }

  private statistics(): void {
    this.addSql(`
      create table error_statistics (
        day date not null,
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        error_class text not null,
        fingerprint text not null,
        occurrences integer not null default 0,
        recorded integer not null default 0,
        resolved integer not null default 0,
        primary key (mapping_id, fingerprint, day, error_class)
      )`)
    this.addSql('create index error_statistics_day on error_statistics (day)')
  }

  private bulkActions(): void {
    this.addSql(`
      create table bulk_action (
        id uuid primary key,
        kind text not null,
        status text not null,
        key text,
        request text not null,
        selection text not null,
        assignee text,
        requested_by text not null,
        requested_at timestamptz(3) not null default clock_timestamp(),
        cancel_requested_at timestamptz(3),
        finished_at timestamptz(3),
        total integer not null default 0,
        position integer not null default 0,
        succeeded integer not null default 0,
        unchanged integer not null default 0,
        failed integer not null default 0,
        message text
      )`)
    this.addSql(
      'create unique index bulk_action_key on bulk_action (requested_by, key) where key is not null',
    )
    this.addSql('create index bulk_action_recent on bulk_action (requested_at desc, id)')
    this.addSql(`
      create table bulk_action_target (
        action_id uuid not null references bulk_action on delete cascade,
        number integer not null,
        mapping_id uuid not null,
        error_id uuid not null,
        run_id uuid,
        outcome text,
        message text,
        primary key (action_id, number)
      )`)
    this.addSql(
      `create index bulk_action_target_failed on bulk_action_target (action_id, number) where outcome = 'FAILED'`,
    )
    this.addSql(
      'create index bulk_action_target_run on bulk_action_target (action_id, run_id) where run_id is not null and outcome is null',
    )
  }

  /** Errors of before are grouped, and counted on the days of which they tell. */
  private backfill(): void {
    this.addSql(`
      insert into error_group (id, mapping_id, fingerprint, error_class, resolvable_by, message, cause, remedy, field, code,
                               diagnosis, open_count, resolved_count, occurrences, first_seen, last_seen, resolved_at)
      select gen_random_uuid(), last.mapping_id, last.fingerprint, last.error_class, last.resolvable_by, last.message, last.cause,
             last.remedy, last.field, last.code, last.diagnosis, sums.open, sums.resolved, sums.occurrences, sums.first_seen,
             sums.last_seen, case when sums.open = 0 then sums.resolved_at end
      from (select distinct on (mapping_id, fingerprint) * from integration_synch_error
            order by mapping_id, fingerprint, last_seen desc, id) last
      join (select mapping_id, fingerprint, count(*) filter (where resolved_at is null) as open,
              count(*) filter (where resolved_at is not null) as resolved, sum(occurrences) as occurrences,
              min(first_seen) as first_seen, max(last_seen) as last_seen, max(resolved_at) as resolved_at
            from integration_synch_error group by mapping_id, fingerprint) sums
        on sums.mapping_id = last.mapping_id and sums.fingerprint = last.fingerprint`)
    this.addSql(`
      update integration_synch_error e set group_id = g.id from error_group g
      where g.mapping_id = e.mapping_id and g.fingerprint = e.fingerprint`)
    this.addSql(`
      insert into error_statistics (day, mapping_id, error_class, fingerprint, occurrences, recorded, resolved)
      select day, mapping_id, error_class, fingerprint, sum(occurrences), sum(recorded), sum(resolved)
      from (select (first_seen at time zone 'UTC')::date as day, mapping_id, error_class, fingerprint, occurrences, 1 as recorded,
                   0 as resolved
            from integration_synch_error
            union all
            select (resolved_at at time zone 'UTC')::date, mapping_id, error_class, fingerprint, 0, 0, 1
            from integration_synch_error where resolved_at is not null) each
      group by day, mapping_id, error_class, fingerprint`)
  }

  /** For pages of a long log: in each order, of all, of what is open, and of one mapping, class or group. */
  private indexes(): void {
    const error = 'integration_synch_error'
    this.addSql(`create index ${error}_group on ${error} (group_id, last_seen desc, id)`)
    this.addSql(`create index ${error}_mapping on ${error} (mapping_id, last_seen desc, id)`)
    this.addSql(`create index ${error}_class on ${error} (error_class, last_seen desc, id)`)
    this.addSql(`create index ${error}_first on ${error} (first_seen desc, id)`)
    this.addSql(`create index ${error}_often on ${error} (occurrences desc, id)`)
    this.addSql(`create index ${error}_standing on ${error} (last_seen desc, id) where resolved_at is null`)
    this.addSql(
      `create index ${error}_standing_mapping on ${error} (mapping_id, last_seen desc, id) where resolved_at is null`,
    )
    this.addSql(
      `create index ${error}_standing_group on ${error} (group_id, last_seen desc, id) where resolved_at is null`,
    )
    this.addSql(`create index ${error}_standing_source on ${error} (source_id) where resolved_at is null`)
    this.addSql(`create index ${error}_done on ${error} (resolved_at) where resolved_at is not null`)
    this.addSql(`create index ${error}_run on ${error} (run_id)`)
    this.addSql(`create index ${error}_coupling on ${error} (coupling_id) where coupling_id is not null`)
  }
}
