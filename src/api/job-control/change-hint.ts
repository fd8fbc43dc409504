import { Side } from '../../domain/value.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { isAwakeToHints } from '../../persistence/queries/mappings-of-table.js'
import type { ApiContext } from '../context.js'
import { apiError, badUserInput, ErrorCode } from '../errors.js'
import { findConnection } from '../connection/find-connection.js'

/** Wakes the mappings that a change of a table concerns. Throws BAD_USER_INPUT naming the tables that mappings have. */
export async function reportChanges(
  context: ApiContext,
  side: Side,
  table: string,
  connection: string | null,
): Promise<Mapping[]> {
  const where = connection === null ? {} : { connectionId: (await findConnection(context.em, connection)).id }
  const mappings = await context.em.find(Mapping, where, { disableIdentityMap: true })
  const tableOf = ({ definition }: Mapping) =>
    side === Side.local ? definition.localTable : definition.integrationTable
  const concerned = mappings.filter((mapping) => tableOf(mapping) === table)
  if (concerned.length === 0) {
    const known = [...new Set(mappings.map(tableOf))].sort().join(', ')
    throw badUserInput([
      {
        argument: 'table',
        message: `Expected a table that a mapping has on that side: ${known}; got ${table}.`,
      },
    ])
  }
  const awake = concerned.filter(isAwakeToHints)
  try {
    await Promise.all(awake.map((mapping) => context.runControl.hint(mapping.id)))
  } catch (error) {
    context.logger.error({ err: error }, 'Temporal could not be reached')
    throw apiError(
      ErrorCode.engineUnavailable,
      'Temporal cannot be reached, so nothing was woken. The change is found by the next scheduled run.',
    )
  }
  return awake
}
