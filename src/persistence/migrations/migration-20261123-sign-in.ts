import { Migration } from '@mikro-orm/migrations'

/** How a system is signed in to becomes a member of its own, `signIn`, as there is more than one way to. */
export class Migration20261123SignIn extends Migration {
  override name = 'Migration20261123SignIn'

  override up(): void {
    for (const column of ['local_system', 'integration_system']) {
      this.addSql(`
        update connection set ${column} = jsonb_set(
          ${column},
          '{settings}',
          (${column} -> 'settings') - 'tokenUrl' - 'clientId' - 'clientSecret' - 'scope' || jsonb_build_object('signIn',
            jsonb_build_object(
              'kind', 'clientSecret',
              'tokenUrl', ${column} #> '{settings,tokenUrl}',
              'clientId', ${column} #> '{settings,clientId}',
              'clientSecret', ${column} #> '{settings,clientSecret}',
              'scope', ${column} #> '{settings,scope}')))
        where ${column} -> 'settings' ? 'clientSecret'`)
    }
  }
}
