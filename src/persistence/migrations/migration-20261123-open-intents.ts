import { Migration } from '@mikro-orm/migrations'

/**
 * Open intents are looked up by the tables they touch, whichever mapping of the connection has them: two mappings may share a table,
 * as those of customers and of vendors share accounts.
 *
 * Earlier versions let two mappings have open intents on one record. Both stay and are settled, each by its own version or key; only the
 * first counts for the uniqueness of those to come, which wait for either.
 */
export class Migration20261123OpenIntents extends Migration {
  override name = 'Migration20261123OpenIntents'

  override up(): void {
    this.addSql(`
      alter table intent
        add column connection_id uuid references connection on delete cascade,
        add column record_table text,
        add column source_table text,
        add column beside boolean not null default false`)
    this.addSql(`
      update intent i set connection_id = m.connection_id,
        record_table = m.definition->>(case i.side when 'LOCAL' then 'localTable' else 'integrationTable' end),
        source_table = m.definition->>(case i.source_side when 'LOCAL' then 'localTable' else 'integrationTable' end)
      from integration_table_mapping m where m.id = i.mapping_id`)
    this.addSql(`
      alter table intent
        alter column connection_id set not null,
        alter column record_table set not null,
        alter column source_table set not null`)
    this.addSql(`
      update intent i set beside = true
      from (select id,
              record_id is not null and row_number() over (
                partition by connection_id, side, record_table, record_id order by created_at, id) > 1 as record,
              kind = 'CREATE' and row_number() over (
                partition by connection_id, source_side, source_table, source_id, kind order by created_at, id) > 1 as creation,
              assigned_key is not null and row_number() over (
                partition by connection_id, side, record_table, assigned_key order by created_at, id) > 1 as key
            from intent) other
      where other.id = i.id and (other.record or other.creation or other.key)`)
    this.addSql('drop index intent_record')
    this.addSql('drop index intent_creation')
    this.addSql(`create unique index intent_record on intent (connection_id, side, record_table, record_id)
      where record_id is not null and not beside`)
    this
      .addSql(`create unique index intent_creation on intent (connection_id, source_side, source_table, source_id)
      where kind = 'CREATE' and not beside`)
    this.addSql(`create unique index intent_key on intent (connection_id, side, record_table, assigned_key)
      where assigned_key is not null and not beside`)
    this.addSql('create index intent_mapping on intent (mapping_id)')
  }
}
