import { expect, test } from 'vitest'
import { createConnector } from '../../../src/connectors/create-connector.js'
import { ODATA } from '../../../src/domain/diagnosis/odata.js'
import { startScriptedServer } from '../support/scripted-server.js'

const METADATA = `<?xml version="1.0"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="S" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="customer"><Key><PropertyRef Name="id"/></Key>
<Property Name="id" Type="Edm.String" Nullable="false"/><Property Name="name" Type="Edm.String"/>
<Property Name="changed" Type="Edm.DateTimeOffset"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="customers" EntityType="S.customer"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

const ROW = { '@odata.etag': 'W/"1"', id: 'a', name: 'Adatum', changed: '2026-03-01T00:00:00Z' }

/** The codes of what a check finds where the service answers the question for changes so. */
async function found(status: number): Promise<readonly string[]> {
  await using server = await startScriptedServer(({ path }) => {
    if (path.includes('$metadata')) return { body: METADATA }
    if (path.includes('changed%20ge')) return { status, body: '{"value": []}' }
    return { body: JSON.stringify({ value: [ROW] }) }
  })
  const settings = {
    url: server.url,
    signIn: { kind: 'none' },
    sets: { customers: { modifiedField: 'changed' } },
  }
  const connector = createConnector('ODATA', settings)
  try {
    const table = await connector.describeTable('customers')
    const use = { table, fields: ['name'], written: ['name'], creates: false, deletes: false }
    const findings = await connector.check({ tables: [use] })
    return findings.filter(({ severity }) => severity !== 'INFORMATION').map(({ code }) => code)
  } finally {
    await connector.close()
  }
}

test('a set that is written without ETags', async () => {
  await using server = await startScriptedServer(({ path }) =>
    path.includes('$metadata')
      ? { body: METADATA }
      : { body: JSON.stringify({ value: [{ ...ROW, '@odata.etag': undefined }] }) },
  )
  const connector = createConnector('ODATA', { url: server.url, signIn: { kind: 'none' } })
  try {
    const table = await connector.describeTable('customers')
    const use = { table, fields: ['name'], written: ['name'], creates: false, deletes: false }
    const codes = Object.keys(ODATA)
    expect((await connector.check({ tables: [use] })).map(({ code }) => code)).toEqual(codes)
  } finally {
    await connector.close()
  }
})

test.each([
  [200, []],
  [400, ['SETTINGS_INVALID']],
  [500, ['SETTINGS_INVALID']],
  [501, ['SETTINGS_INVALID']],
  [429, ['SERVICE_THROTTLES']],
  [503, ['SERVICE_UNAVAILABLE']],
])('a question for changes that is answered with %i is told by its cause', async (status, codes) => {
  expect(await found(status)).toEqual(codes)
})
