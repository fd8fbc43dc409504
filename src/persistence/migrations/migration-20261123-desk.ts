import { Migration } from '@mikro-orm/migrations'

/**
 * Records are found by the words of their names and by their numbers; what was skipped, and until when, is kept; what runs did
 * with a record is found by its coupling.
 */
export class Migration20261123Desk extends Migration {
  override name = 'Migration20261123Desk'

  override up(): void {
    this.addSql('alter table coupling add column local_number text')
    // Text that PostgreSQL cannot hold stays escaped in a base: such a pair has its number after its next synchronization.
    this.addSql(`
      update coupling c set local_number = left(c.base -> (f.field ->> 'name') ->> 'local', 200)
      from integration_table_mapping m, jsonb_array_elements(m.definition -> 'fields') as f(field)
      where m.id = c.mapping_id and f.field ->> 'localField' = 'number' and c.base is not null
        and c.base::text !~* '\\\\u(0000|d[89a-f])'`)
    // Words are what stands between anything but letters and digits. The parser of text search would make numbers of parts of numbers.
    this.addSql(`
      create function search_words(names text) returns tsvector language sql immutable parallel safe as $$
        select array_to_tsvector(array_remove(string_to_array(
          regexp_replace(lower(left(names, 500)), '[^[:alnum:]]+', ' ', 'g'), ' '), ''))
      $$`)
    this.addSql(`
      create index coupling_words on coupling using gin (search_words(
        coalesce(local_name, '') || ' ' || coalesce(integration_name, '') || ' ' || coalesce(local_number, '')))`)
    this.addSql('create index coupling_local_number on coupling (lower(local_number) text_pattern_ops)')
    this.addSql(`
      create index integration_synch_error_words on integration_synch_error using gin (search_words(coalesce(source_name, '')))
      where coupling_id is null and resolved_at is null and source_id is not null`)
    this.addSql(
      'create index record_result_coupling on record_result (coupling_id) where coupling_id is not null',
    )
    this.addSql(`
      create table record_skip (
        id uuid primary key default gen_random_uuid(),
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        coupling_id uuid,
        side text not null,
        record_id text not null,
        reason text not null,
        attempts integer not null,
        error_id uuid,
        skipped_at timestamptz(3) not null default clock_timestamp(),
        ended_at timestamptz(3)
      )`)
    this.addSql(
      'create index record_skip_coupling on record_skip (coupling_id) where coupling_id is not null',
    )
    this.addSql('create index record_skip_record on record_skip (mapping_id, side, record_id)')
    this.addSql('create index record_skip_ended on record_skip (ended_at) where ended_at is not null')
    this.addSql(`
      insert into record_skip (mapping_id, coupling_id, side, record_id, reason, attempts, error_id, skipped_at)
      select mapping_id, coupling_id, side, record_id, reason, attempts, error_id, changed_at from record_state where state = 'SKIPPED'`)
    // A trigger, since a skip begins and ends wherever a state is written or removed, also with its coupling. A backup that is put
    // back brings the skips that are open before the states.
    this.addSql(`
      create function note_skip() returns trigger language plpgsql as $$
      begin
        if tg_op <> 'INSERT' and old.state = 'SKIPPED' then
          update record_skip set ended_at = clock_timestamp()
          where ended_at is null and (coupling_id = old.coupling_id or (old.coupling_id is null and coupling_id is null
            and mapping_id = old.mapping_id and side = old.side and record_id = old.record_id));
        end if;
        if tg_op <> 'DELETE' and new.state = 'SKIPPED' then
          insert into record_skip (mapping_id, coupling_id, side, record_id, reason, attempts, error_id)
          select new.mapping_id, new.coupling_id, new.side, new.record_id, new.reason, new.attempts, new.error_id
          where not exists (select from record_skip known where known.ended_at is null
            and (known.coupling_id = new.coupling_id or (new.coupling_id is null and known.coupling_id is null
              and known.mapping_id = new.mapping_id and known.side = new.side and known.record_id = new.record_id)));
        end if;
        return null;
      end $$`)
    this.addSql(`create trigger record_state_skipped after insert on record_state
      for each row when (new.state = 'SKIPPED') execute function note_skip()`)
    this.addSql(`create trigger record_state_skip_changed after update on record_state
      for each row when (old.state is distinct from new.state) execute function note_skip()`)
    this.addSql(`create trigger record_state_skip_removed after delete on record_state
      for each row when (old.state = 'SKIPPED') execute function note_skip()`)
  }
}
