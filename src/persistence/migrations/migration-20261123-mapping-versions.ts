import { Migration } from '@mikro-orm/migrations'

/**
 * A mapping's definition is versioned as a whole: settings that stood in columns of their own enter it, and every run names
 * the version it carried out.
 */
export class Migration20261123MappingVersions extends Migration {
  override name = 'Migration20261123MappingVersions'

  override up(): void {
    this.addSql(`
      update integration_table_mapping set definition =
        (definition - 'insertValues')
        || jsonb_build_object(
          'direction', direction, 'conflictDetection', conflict_detection, 'updateConflictPolicy', update_conflict_policy,
          'deletionConflictPolicy', 'NONE', 'deletionReview', '{"percent": 5, "minimum": 10}'::jsonb,
          'coupling', '{"synchronizeAfterwards": false, "createNew": false}'::jsonb,
          'schedule', '{"kind": "interval", "minutes": 30}'::jsonb,
          'inactivityTimeoutMinutes', 720, 'wakeOnChange', true, 'findDeletedHours', 24,
          'templates', jsonb_build_object(
            'local', case when definition #> '{insertValues,local}' = '{}' then '[]'::jsonb else jsonb_build_array(
              jsonb_build_object('name', 'DEFAULT', 'priority', 1, 'filter', null, 'values', definition #> '{insertValues,local}')) end,
            'integration', case when definition #> '{insertValues,integration}' = '{}' then '[]'::jsonb else jsonb_build_array(
              jsonb_build_object('name', 'DEFAULT', 'priority', 1, 'filter', null, 'values', definition #> '{insertValues,integration}')) end),
          'fields', (select jsonb_agg(case when f ? 'lookupMapping'
              then (f - 'lookupMapping') || jsonb_build_object('lookupMappings', jsonb_build_array(f -> 'lookupMapping')) else f end
              order by n) from jsonb_array_elements(definition -> 'fields') with ordinality as e(f, n)))`)
    this.addSql(`
      alter table integration_table_mapping
        drop column direction, drop column conflict_detection, drop column update_conflict_policy,
        add column version integer not null default 1,
        add column paused_at timestamptz(3), add column paused_by text,
        add column sleeps_until timestamptz(3), add column deletions_found_at timestamptz(3)`)
    this.addSql(`
      create table mapping_version (
        mapping_id uuid not null references integration_table_mapping on delete cascade,
        version integer not null,
        definition jsonb not null,
        author text not null,
        note text,
        at timestamptz(3) not null default clock_timestamp(),
        primary key (mapping_id, version)
      )`)
    this.addSql(`insert into mapping_version (mapping_id, version, definition, author, note)
      select id, version, definition, 'Accord', null from integration_table_mapping`)
    this.addSql(`
      create table connection_table (
        connection_id uuid not null references connection on delete cascade,
        side text not null,
        name text not null,
        definition jsonb not null,
        read_at timestamptz(3) not null default clock_timestamp(),
        primary key (connection_id, side, name)
      )`)
    this.addSql('alter table synch_run add column mapping_version integer not null default 1')
  }
}
