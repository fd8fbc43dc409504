import { Migration } from '@mikro-orm/migrations'

/**
 * One history of every write, in place of the values that lost alone, which move over; what is undone; what an open intent
 * knows of the record it writes.
 */
export class Migration20261123History extends Migration {
  override name = 'Migration20261123History'

  override up(): void {
    this.addSql(`
      create table record_write (
        id uuid primary key,
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        mapping_version integer,
        run_id uuid,
        job_id uuid,
        coupling_id uuid,
        requested_by text,
        side text not null,
        kind text not null,
        local_id text,
        integration_id text,
        local_name text,
        integration_name text,
        decision_row text not null,
        fields text[] not null,
        before json,
        after json,
        lost text[],
        source json,
        pair json,
        version_before text,
        version_after text,
        at timestamptz(3) not null default clock_timestamp()
      )`)
    this.addSql(`
      insert into record_write (id, mapping_id, mapping_version, run_id, coupling_id, requested_by, side, kind, local_id,
                                integration_id, decision_row, fields, before, after, lost, at)
      select (array_agg(h.id))[1], h.mapping_id, min(r.mapping_version), h.run_id, h.coupling_id, min(r.requested_by), h.side,
             case when h.decision_row = '4' then 'DELETE' else 'UPDATE' end, h.local_id, h.integration_id, h.decision_row,
             array_agg(h.field order by h.field), json_agg(h.value order by h.field),
             case when h.decision_row <> '4' then json_agg(h.replaced_by order by h.field) end,
             array_agg(h.field order by h.field), min(h.at)
      from history_entry h left join synch_run r on r.id = h.run_id
      group by h.mapping_id, h.run_id, h.coupling_id, h.side, h.local_id, h.integration_id, h.decision_row`)
    this.addSql('drop table history_entry')
    this.addSql('create index record_write_recent on record_write (mapping_id, at desc, id)')
    this.addSql('create index record_write_run on record_write (run_id, id)')
    this.addSql('create index record_write_local on record_write (local_id, at)')
    this.addSql('create index record_write_integration on record_write (integration_id, at)')
    this.addSql('alter table intent add column decision_row text, add column before json')
    this.addSql(`
      create table undo_item (
        run_id uuid not null references synch_run on delete cascade,
        write_id uuid not null,
        side text not null,
        record_id text not null,
        source_id text not null,
        rank integer not null,
        number integer not null,
        outcome text,
        message text,
        fields json,
        primary key (run_id, write_id)
      )`)
    this.addSql('create index undo_item_order on undo_item (run_id, side, number)')
    this.addSql('create index undo_item_source on undo_item (run_id, side, source_id)')
    this.addSql('create index undo_item_write on undo_item (write_id)')
  }
}
