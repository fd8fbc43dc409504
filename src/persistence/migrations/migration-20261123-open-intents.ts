import { Migration } from '@mikro-orm/migrations'

/**
 * Open intents are looked up by the tables they touch, whichever mapping of the connection has them: two mappings may share a table,
 * as those of customers and of vendors share accounts.
 */
export class Migration20261123OpenIntents extends Migration {
  override name = 'Migration20261123OpenIntents'

  override up(): void {
    this.addSql(`
      alter table intent
        add column connection_id uuid references connection on delete cascade,
        add column record_table text,
        add column source_table text`)
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
    this.addSql('drop index intent_record')
    this.addSql('drop index intent_creation')
    this.addSql(`create unique index intent_record on intent (connection_id, side, record_table, record_id)
      where record_id is not null`)
    this
      .addSql(`create unique index intent_creation on intent (connection_id, source_side, source_table, source_id)
      where kind = 'CREATE'`)
    this.addSql(`create unique index intent_key on intent (connection_id, side, record_table, assigned_key)
      where assigned_key is not null`)
    this.addSql('create index intent_mapping on intent (mapping_id)')
  }
}
