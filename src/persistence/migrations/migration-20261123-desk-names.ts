import { Migration } from '@mikro-orm/migrations'

/** Records are also found by the beginning of the name that the integration side has. */
export class Migration20261123DeskNames extends Migration {
  override name = 'Migration20261123DeskNames'

  override up(): void {
    this.addSql(
      'create index coupling_integration_name on coupling (lower(integration_name) text_pattern_ops)',
    )
  }
}
