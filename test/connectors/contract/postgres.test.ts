import { Client } from 'pg'
import { CAPTURE_SQL } from '../../../src/connectors/postgres/capture.js'
import { createConnector } from '../../../src/connectors/create-connector.js'
import { createTestDatabase } from '../../support/environment.js'
import { contractSuite } from './contract.js'
import { startCuttingProxy } from './cutting-proxy.js'
import type { Subject, SubjectKind } from './subject.js'

const TABLE = `
create table customer (id uuid primary key default gen_random_uuid(), name varchar(80) not null, city text,
  credit numeric(18,2), no text unique, modified timestamptz not null default clock_timestamp());
create function touch() returns trigger language plpgsql as $$ begin new.modified = clock_timestamp(); return new; end $$;
create trigger touch before update on customer for each row execute function touch();`

/** A real database, behind a line that can be cut. */
const postgres = (changeDetection: 'modifiedColumn' | 'triggers'): SubjectKind => ({
  name: `POSTGRESQL by ${changeDetection}`,
  async start(): Promise<Subject> {
    const database = await createTestDatabase('contract_pg')
    const person = new Client({ connectionString: database.url })
    await person.connect()
    await person.query(TABLE)
    if (changeDetection === 'triggers')
      await person.query(`${CAPTURE_SQL}; select accord.capture('customer', current_user::regrole)`)
    const { hostname, port, pathname, username, password } = new URL(database.url)
    const proxy = await startCuttingProxy(hostname, Number(port))
    const connector = createConnector('POSTGRESQL', {
      host: '127.0.0.1',
      port: proxy.port,
      database: pathname.slice(1),
      user: decodeURIComponent(username),
      ...(password === '' ? {} : { password: decodeURIComponent(password) }),
      tls: 'off',
      changeDetection,
    })
    return {
      connector,
      impatient: () => null,
      table: await connector.describeTable('customer'),
      fields: { name: 'name', city: 'city', amount: 'credit', code: 'no' },
      longestName: 80,
      blankAmount: null,
      person: {
        async edit(id, values) {
          const names = Object.keys(values)
          const list = names.map((name, index) => `${name} = $${index + 2}`).join(', ')
          await person.query(`update customer set ${list} where id = $1`, [id, ...Object.values(values)])
        },
        remove: async (id) => void (await person.query('delete from customer where id = $1', [id])),
      },
      disturb: {
        knowsUncommitted: true,
        loseAnswer(at, text) {
          proxy.cut(text, at === 'beforeCommit' ? 'before' : 'after')
          return Promise.resolve()
        },
        clear() {
          proxy.mend()
          return Promise.resolve()
        },
      },
      hints: changeDetection === 'triggers' ? { kind: 'listen', breakLine: () => breakLines(person) } : null,
      async [Symbol.asyncDispose]() {
        await connector.close()
        await proxy.close()
        await person.end()
        await database.drop()
      },
    }
  },
})

async function breakLines(person: Client): Promise<void> {
  await person.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query = 'listen accord'`)
}

contractSuite(postgres('modifiedColumn'))
contractSuite(postgres('triggers'))
