import type { Hints } from '../connector.js'
import type { TableDefinition } from '../../domain/schema.js'
import { translated } from './errors.js'
import { changeDetectionOf, type PostgresSettings } from './settings.js'
import type { Sessions } from './sessions.js'

/**
 * The triggers that keep the change log send a notification with every statement, which is delivered when its transaction commits. Tables
 * whose changes are found otherwise are silent.
 */
export function listenForChanges(sessions: Sessions, settings: PostgresSettings): Hints {
  return {
    kind: 'listen',
    async listen(tables, onHint, onLost) {
      const heard = tables.filter((table) => changeDetectionOf(settings, table.name) === 'triggers')
      const client = await translated(() => sessions.open())
      let isClosed = false
      let isLost = false
      const lose = (error: Error): void => {
        if (isClosed || isLost) return
        isLost = true
        onLost(error)
      }
      client.on('error', lose)
      client.on('end', () => lose(new Error('PostgreSQL has closed the line on which changes were told.')))
      try {
        const names = await translated(() => namesByRelation(client, settings.schema, heard))
        client.on('notification', (message) => {
          const name = names.get(message.payload ?? '')
          if (name !== undefined) onHint(name)
        })
        await translated(() => client.query('listen accord'))
      } catch (error) {
        isClosed = true
        await client.end()
        throw error
      }
      return {
        async close() {
          isClosed = true
          await client.end()
        },
      }
    },
  }
}

async function namesByRelation(
  client: Awaited<ReturnType<Sessions['open']>>,
  schema: string,
  tables: readonly TableDefinition[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ oid: string; relname: string }>(
    `select c.oid::text, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = any($2::text[])`,
    [schema, tables.map((table) => table.name)],
  )
  return new Map(rows.map((row) => [row.oid, row.relname]))
}
