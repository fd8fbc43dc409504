import type { MappingDefinition } from '../../domain/mapping.js'
import { Side } from '../../domain/value.js'
import { knownTables } from '../../persistence/tables.js'
import type { ApiContext } from '../context.js'
import { badUserInput, type InputProblem } from '../errors.js'
import { tryToReadTables } from '../system-table/read-tables.js'
import { under } from './document/problems.js'

/**
 * Has the tables read that Accord does not know yet, so that definitions can be judged by them. `argumentOf`: where a definition
 * was given. Throws BAD_USER_INPUT with what the systems say of tables that cannot be used, ENGINE_UNAVAILABLE.
 */
export async function ensureTables(
  context: ApiContext,
  connectionId: string,
  definitions: readonly MappingDefinition[],
  argumentOf: (index: number) => string,
): Promise<void> {
  const wanted = definitions.flatMap((definition, index) => [
    { side: Side.local, name: definition.localTable, argument: under(argumentOf(index), 'localTable') },
    {
      side: Side.integration,
      name: definition.integrationTable,
      argument: under(argumentOf(index), 'integrationTable'),
    },
  ])
  const known = await knownTables(
    context.em,
    wanted.map(({ side, name }) => ({ connectionId, side, name })),
  )
  const unknown = wanted.filter((_, index) => known[index] === null)
  const problems: InputProblem[] = []
  const read = new Map<string, string | null>()
  for (const { side, name, argument } of unknown) {
    const key = `${side}/${name}`
    if (!read.has(key)) {
      const { failure } = await tryToReadTables(context, { connectionId, side, table: name })
      read.set(key, failure === null ? null : `${failure.message} ${failure.remedy}`)
    }
    const message = read.get(key) ?? null
    if (message !== null) problems.push({ argument, message })
  }
  if (problems.length > 0) throw badUserInput(problems)
}
