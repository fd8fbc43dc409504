import { Migration } from '@mikro-orm/migrations'

/**
 * The first schema. Canonical values, bases and conflict details are `json`, not `jsonb`: `json` keeps the text as it is,
 * also with an escaped NUL or a lone surrogate, which `jsonb` refuses (engine rule 8).
 */
export class Migration20261123Initial extends Migration {
  override name = 'Migration20261123Initial'

  override up(): void {
    this.addSql(`
      create table connection (
        id uuid primary key,
        name text not null unique,
        local_system jsonb not null,
        integration_system jsonb not null,
        created_at timestamptz(3) not null default now()
      )`)
    this.addSql(`
      create table integration_table_mapping (
        id uuid primary key,
        connection_id uuid not null references connection on delete cascade,
        name text not null,
        definition jsonb not null,
        direction text not null,
        conflict_detection text not null,
        update_conflict_policy text not null,
        to_watermark timestamptz(3),
        to_watermark_revision integer not null default 0,
        to_clock_offset bigint,
        from_watermark timestamptz(3),
        from_watermark_revision integer not null default 0,
        from_clock_offset bigint,
        from_token text,
        from_token_fields jsonb,
        from_watermark_set text,
        run_count integer not null default 0,
        couplings_removed_at timestamptz(3),
        position integer not null,
        updated_at timestamptz(3) not null default now(),
        unique (connection_id, name)
      )`)
    this.addSql(`
      create table coupling (
        id uuid primary key,
        connection_id uuid not null references connection on delete cascade,
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        local_table text not null,
        integration_table text not null,
        local_id text not null,
        integration_id text not null,
        local_name text,
        integration_name text,
        local_version text,
        integration_version text,
        local_stamp timestamptz(3) not null,
        integration_stamp timestamptz(3) not null,
        base json,
        last_by text,
        last_source text,
        last_job_id uuid,
        last_synchronized_at timestamptz(3),
        revision integer not null default 1,
        created_at timestamptz(3) not null default clock_timestamp(),
        changed_at timestamptz(3) not null default clock_timestamp(),
        unique (connection_id, local_table, local_id),
        unique (connection_id, integration_table, integration_id)
      )`)
    this.addSql('create index coupling_mapping on coupling (mapping_id, id)')
    this.addSql('create index coupling_local_name on coupling (lower(local_name) text_pattern_ops)')
    this.addSql(`
      create table synch_run (
        id uuid primary key,
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        kind text not null,
        mode text not null,
        direction text,
        scope json,
        status text not null,
        requested_by text not null,
        requested_at timestamptz(3) not null default clock_timestamp(),
        started_at timestamptz(3),
        finished_at timestamptz(3),
        workflow_id text not null,
        workflow_run_id text,
        message text,
        retry_of uuid
      )`)
    this.addSql(
      "create unique index synch_run_one_running on synch_run (mapping_id) where kind <> 'RECORDS' and status = 'RUNNING'",
    )
    this.addSql(
      "create unique index synch_run_one_queued on synch_run (mapping_id) where kind <> 'RECORDS' and status = 'QUEUED'",
    )
    this.addSql('create index synch_run_recent on synch_run (mapping_id, requested_at desc)')
    this.addSql(`
      create table synch_job (
        id uuid primary key,
        run_id uuid not null references synch_run on delete cascade,
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        direction text not null,
        status text not null,
        inserted integer not null default 0,
        modified integer not null default 0,
        deleted integer not null default 0,
        unchanged integer not null default 0,
        skipped integer not null default 0,
        failed integer not null default 0,
        conflicts integer not null default 0,
        ignored jsonb not null default '{}',
        retried integer not null default 0,
        start timestamptz(3) not null default clock_timestamp(),
        finish timestamptz(3),
        message text,
        clock_at timestamptz(3),
        clock_offset bigint,
        clock_fall bigint not null default 0,
        watermark_revision integer not null,
        read_from timestamptz(3),
        skip_until timestamptz(3),
        token_after text,
        token_fields jsonb,
        unique (run_id, direction)
      )`)
    this.addSql('create index synch_job_recent on synch_job (mapping_id, start desc, id)')
    this.addSql(`
      create table synch_page (
        id uuid primary key,
        job_id uuid not null references synch_job on delete cascade,
        number integer not null,
        state text not null,
        phase text not null,
        next_position json,
        rows bytea,
        decisions bytea,
        row_count integer not null default 0,
        lease uuid,
        fetched_at timestamptz(3) not null default clock_timestamp(),
        unique (job_id, number)
      )`)
    this.addSql(`
      create table intent (
        id uuid primary key,
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        run_id uuid not null,
        job_id uuid not null,
        page_id uuid,
        coupling_id uuid,
        kind text not null,
        side text not null,
        record_id text,
        assigned_key text,
        source_side text not null,
        source_id text not null,
        values json not null,
        version text,
        source json not null,
        lost json not null,
        deadline timestamptz(3) not null,
        created_at timestamptz(3) not null default clock_timestamp(),
        sent_at timestamptz(3),
        answer json
      )`)
    this.addSql(
      'create unique index intent_record on intent (mapping_id, side, record_id) where record_id is not null',
    )
    this.addSql(
      "create unique index intent_creation on intent (mapping_id, source_side, source_id) where kind = 'CREATE'",
    )
    this.addSql('create index intent_page on intent (page_id)')
    this.addSql(`
      create table claim (
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        side text not null,
        record_id text not null,
        holder uuid not null,
        run_id uuid not null,
        primary key (mapping_id, side, record_id)
      )`)
    this.addSql('create index claim_holder on claim (holder)')
    this.addSql('create index claim_run on claim (run_id)')
    this.addSql(`
      create table record_state (
        id uuid primary key,
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        coupling_id uuid references coupling on delete cascade,
        side text not null,
        record_id text not null,
        state text not null,
        direction text,
        reason text not null,
        attempts integer not null default 0,
        due_at_run integer not null default 0,
        local_version text,
        integration_version text,
        detail json,
        error_id uuid,
        changed_at timestamptz(3) not null default clock_timestamp()
      )`)
    this.addSql(
      'create unique index record_state_coupling on record_state (coupling_id) where coupling_id is not null',
    )
    this.addSql(
      'create unique index record_state_record on record_state (mapping_id, side, record_id) where coupling_id is null',
    )
    this.addSql('create index record_state_error on record_state (error_id) where error_id is not null')
    this.addSql('create index record_state_pending on record_state (mapping_id, state, due_at_run)')
    this.addSql(`
      create table integration_synch_error (
        id uuid primary key,
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        run_id uuid,
        job_id uuid,
        coupling_id uuid,
        record_key text not null,
        direction text not null,
        error_class text not null,
        resolvable_by text not null,
        message text not null,
        cause text not null,
        remedy text not null,
        field text,
        code text,
        http_status integer,
        fingerprint text not null,
        source_side text,
        source_id text,
        source_name text,
        destination_id text,
        destination_name text,
        detail json,
        occurrences integer not null default 1,
        first_seen timestamptz(3) not null default clock_timestamp(),
        last_seen timestamptz(3) not null default clock_timestamp(),
        resolved_at timestamptz(3)
      )`)
    this.addSql(`create unique index integration_synch_error_open on integration_synch_error
      (mapping_id, record_key, direction, fingerprint) where resolved_at is null`)
    this.addSql('create index integration_synch_error_recent on integration_synch_error (last_seen desc, id)')
    this.addSql(
      'create index integration_synch_error_record on integration_synch_error (mapping_id, record_key)',
    )
    this.addSql(`
      create table handled_version (
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        side text not null,
        record_id text not null,
        version text not null,
        stamp timestamptz(3) not null,
        job_id uuid not null,
        primary key (mapping_id, side, record_id)
      )`)
    this.addSql('create index handled_version_stamp on handled_version (mapping_id, side, stamp)')
    this.addSql(`
      create table history_entry (
        id uuid primary key,
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        run_id uuid,
        coupling_id uuid,
        local_id text not null,
        integration_id text not null,
        side text not null,
        field text not null,
        value json not null,
        replaced_by json not null,
        decision_row text not null,
        at timestamptz(3) not null default clock_timestamp()
      )`)
    this.addSql('create index history_entry_coupling on history_entry (coupling_id, at)')
    this.addSql(`
      create table record_result (
        run_id uuid not null references synch_run on delete cascade,
        coupling_id uuid not null,
        outcome text not null,
        message text,
        detail json,
        primary key (run_id, coupling_id)
      )`)
    this.addSql(`
      create table number_series (
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        side text not null,
        next bigint not null,
        primary key (mapping_id, side)
      )`)
  }
}
