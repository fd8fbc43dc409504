import { Migration } from '@mikro-orm/migrations'

/** A conflict's clashing fields stand beside it, so that those alike are found. */
export class Migration20261123Alike extends Migration {
  override name = 'Migration20261123Alike'

  override up(): void {
    this.addSql('alter table record_state add column clashing text')
    // Details with text that PostgreSQL cannot hold are left out; they have it with their next decision.
    this.addSql(`
      update record_state s set clashing = (
        select json_agg(f ->> 'name' order by f ->> 'name' collate "C")::text
        from json_array_elements(s.detail -> 'fields') as f
        where not (f ->> 'equal')::boolean and f ->> 'direction' = 'BIDIRECTIONAL' and case when (s.detail ->> 'firstContact')::boolean
          then f ->> 'local' is not null and f ->> 'integration' is not null
          else (f ->> 'localChanged')::boolean and (f ->> 'integrationChanged')::boolean end)
      where s.state = 'SKIPPED' and s.reason = 'CONFLICT' and s.detail is not null
        and s.detail::text !~* '\\\\u(0000|d[89a-f])'`)
    this.addSql("update record_state set clashing = replace(clashing, ', ', ',') where clashing is not null")
  }
}
