import type { EntityManager } from '@mikro-orm/postgresql'
import { Connection } from '../../persistence/entities/connection.js'
import { storable } from '../../persistence/sql.js'
import { apiError, badUserInput, echo, ErrorCode } from '../errors.js'

/** The connection of that name; of no name the only one there is. Throws NOT_FOUND or BAD_USER_INPUT, naming those that exist. */
export async function findConnection(em: EntityManager, name: string | null): Promise<Connection> {
  const where = name === null ? {} : { name: storable(name) }
  const found = await em.find(Connection, where, { disableIdentityMap: true, limit: 2 })
  const [connection, second] = found
  if (connection !== undefined && second === undefined) return connection
  const known = (await em.find(Connection, {}, { orderBy: { name: 'asc' } })).map((other) => other.name)
  if (second !== undefined) {
    throw badUserInput([
      {
        argument: 'connection',
        message: `There are several connections; expected one of: ${known.join(', ')}.`,
      },
    ])
  }
  const existing = known.length === 0 ? 'No connection exists yet.' : `Connections: ${known.join(', ')}.`
  throw apiError(
    ErrorCode.notFound,
    `There is no connection${name === null ? '' : ` ${echo(name)}`}. ${existing}`,
  )
}
