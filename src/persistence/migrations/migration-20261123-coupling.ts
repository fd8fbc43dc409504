import { Migration } from '@mikro-orm/migrations'

/** Match-based coupling: what a run of it was asked for, couplings made and removed, and results of records without a coupling. */
export class Migration20261123Coupling extends Migration {
  override name = 'Migration20261123Coupling'

  override up(): void {
    this.addSql('alter table synch_run add column coupling json')
    this.addSql(`
      alter table synch_job
        add column coupled integer not null default 0, add column uncoupled integer not null default 0`)
    this.addSql('alter table record_result add column record_key text')
    this.addSql('update record_result set record_key = coupling_id::text')
    this.addSql('alter table record_result drop constraint record_result_pkey')
    this.addSql(`
      alter table record_result
        alter column coupling_id drop not null, alter column record_key set not null,
        add column local_id text, add column integration_id text,
        add primary key (run_id, record_key)`)
  }
}
