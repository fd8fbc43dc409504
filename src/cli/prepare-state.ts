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
