import pg from 'pg'
import { expect, test } from 'vitest'
import { bothApis } from './business-central-support.js'
import { freshDatabaseUrl, startTestSandbox, text } from './support.js'

test('a database of an older sandbox gets the columns that came since, and keeps its records', async () => {
  const businessCentralDatabaseUrl = freshDatabaseUrl('sandbox_bc')
  let running = await startTestSandbox({ businessCentralDatabaseUrl })
  try {
    const customer = await bothApis(running).customer({ city: 'Berlin' })
    const older = new pg.Client({ connectionString: businessCentralDatabaseUrl })
    await older.connect()
    await older.query('alter table customers drop column fax, drop column "primaryContactId"')
    await older.end()
    running = await running.restart()
    const apis = bothApis(running)
    const path = `${apis.own}/customers(${text(customer, 'id')})`
    expect((await apis.get(path)).json).toMatchObject({
      city: 'Berlin',
      fax: '',
      primaryContactId: '00000000-0000-0000-0000-000000000000',
    })
    expect((await apis.patch(path, { fax: '030-1' })).json).toMatchObject({ city: 'Berlin', fax: '030-1' })
  } finally {
    await running.close()
  }
})
