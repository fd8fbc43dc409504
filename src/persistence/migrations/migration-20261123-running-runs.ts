import { Migration } from '@mikro-orm/migrations'

/** Runs under way are counted every few seconds. */
export class Migration20261123RunningRuns extends Migration {
  override name = 'Migration20261123RunningRuns'

  override up(): void {
    this.addSql("create index synch_run_running on synch_run (mapping_id) where status = 'RUNNING'")
  }
}
