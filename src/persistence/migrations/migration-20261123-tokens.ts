import { Migration } from '@mikro-orm/migrations'

/** The local side may have a change feed with a token as well. */
export class Migration20261123Tokens extends Migration {
  override name = 'Migration20261123Tokens'

  override up(): void {
    this.addSql(`
      alter table integration_table_mapping
        add column to_token text,
        add column to_token_fields jsonb,
        add column to_watermark_set text`)
  }
}
