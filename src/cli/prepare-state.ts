import type { SandboxFacts } from './runtime-file.js'

/**
 * Brings Accord's database to this version's schema. Of several processes that start at once one migrates and the others
 * wait; a database of a newer version is refused.
 */
export async function prepareState(databaseUrl: string): Promise<void> {
  // Loaded late: commands without a database start without it.
  const { migrate, openDatabase } = await import('../persistence/database.js')
  const database = await openDatabase(databaseUrl)
  try {
    await migrate(database, databaseUrl)
  } finally {
    await database.close(true)
  }
}

/**
 * Makes the demo where there is nothing yet: a connection between both sandboxes with the default mappings. Later starts
 * only keep its addresses up to date.
 * @param clientSecret a reference: `file:PATH`
 * @returns the name of the demo's connection
 */
export async function prepareDemo(
  databaseUrl: string,
  sandbox: SandboxFacts,
  clientSecret: string,
): Promise<string> {
  const { openDatabase } = await import('../persistence/database.js')
  const { DEMO_CONNECTION, ensureDemo } = await import('../persistence/demo.js')
  const database = await openDatabase(databaseUrl)
  try {
    await ensureDemo(database.em.fork(), {
      businessCentralUrl: sandbox.businessCentral.url,
      companyId: sandbox.businessCentral.companyId,
      dataverseUrl: sandbox.dataverse.url,
      tokenUrl: sandbox.tokenUrl,
      clientId: sandbox.clientId,
      clientSecret,
    })
    return DEMO_CONNECTION
  } finally {
    await database.close(true)
  }
}
