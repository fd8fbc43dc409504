import { Migration } from '@mikro-orm/migrations'

/** What an action was about, by the names that things had then; `subject_count` tells of how many, where not all are named. */
export class Migration20261123AuditSubjects extends Migration {
  override name = 'Migration20261123AuditSubjects'

  override up(): void {
    this.addSql(`alter table audit_entry
      add column subjects json not null default '[]',
      add column subject_count integer not null default 0`)
  }
}
