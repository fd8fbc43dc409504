import { Migration } from '@mikro-orm/migrations'

const ERROR = 'integration_synch_error'

/**
 * However many there are: errors are found by the words of their messages and names, open ones are listed by when they were met first and how
 * often, and couplings by name.
 */
export class Migration20261123LargeState extends Migration {
  override name = 'Migration20261123LargeState'

  override up(): void {
    // Its words take longer to read than the row itself; without the cost they would be read of all rows to be spared an index.
    this.addSql(`
      create function error_words(message text, source_name text, destination_name text) returns tsvector
      language plpgsql immutable parallel safe cost 3000 as $$
      begin
        return array_to_tsvector(array_remove(string_to_array(regexp_replace(
          lower(left(message, 300) || ' ' || coalesce(left(source_name, 100), '') || ' ' || coalesce(left(destination_name, 98), '')),
          '[^[:alnum:]]+', ' ', 'g'), ' '), ''));
      end $$`)
    this.addSql(
      `create index ${ERROR}_text on ${ERROR} using gin (error_words(message, source_name, destination_name))`,
    )
    this.addSql(
      `create index ${ERROR}_standing_first on ${ERROR} (first_seen desc, id) where resolved_at is null`,
    )
    this.addSql(
      `create index ${ERROR}_standing_often on ${ERROR} (occurrences desc, id) where resolved_at is null`,
    )
    this.addSql(`create index ${ERROR}_source on ${ERROR} (source_id)`)
    this.addSql(`drop index ${ERROR}_standing_source`)
    // For pages by name as well as for beginnings of names.
    this.addSql(`create index coupling_name on coupling ((lower(coalesce(local_name, '')) collate "C"), id)`)
    this.addSql('drop index coupling_local_name')
  }
}
