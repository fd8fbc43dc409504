import { inTransaction } from '../in-transaction.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { createMapping, lockMappings, orderMappings } from '../../persistence/mappings.js'
import { shownMapping } from '../audit/shown.js'
import type { ApiContext } from '../context.js'
import { badUserInput } from '../errors.js'
import { findConnection } from '../connection/find-connection.js'
import { authorshipOf, type ChangeRequest } from './authorship.js'
import { under } from './document/problems.js'
import { readDocument } from './document/read-document.js'
import { ensureTables } from './ensure-tables.js'
import { judgeDefinition, otherDefinitions } from './validate-definition.js'

/** Makes a mapping, as version 1, paused where that is asked for. Throws BAD_USER_INPUT with every problem at once, NOT_FOUND for the connection. */
export async function makeMapping(
  context: ApiContext,
  connectionName: string | null,
  input: object,
  { paused, ...request }: Pick<ChangeRequest, 'author' | 'note'> & { readonly paused: boolean },
): Promise<Mapping> {
  const by = authorshipOf(context.principal, request)
  const { id: connectionId } = await findConnection(context.em, connectionName)
  const read = readDocument(input)
  if (read.value === null) throw badUserInput(read.problems.map(inInput))
  const definition = read.value
  await ensureTables(context, connectionId, [definition], () => 'input')
  const { id } = await inTransaction(context, async (em) => {
    await lockMappings(em, connectionId)
    const others = await otherDefinitions(em, connectionId, [])
    const { problems } = await judgeDefinition(em, connectionId, definition, others)
    if (problems.length > 0) throw badUserInput(problems.map(inInput))
    const made = await createMapping(em, connectionId, definition, by)
    await orderMappings(em, connectionId)
    if (paused) {
      // With the mapping itself: no run could begin in between.
      made.pausedAt = new Date()
      made.pausedBy = context.principal.name
      await em.flush()
    }
    const { id: madeId, name } = made
    context.audit.changed({ kind: 'mapping', id: madeId, name, before: null, after: shownMapping(made) })
    return made
  })
  return context.em.findOneOrFail(Mapping, { id }, { disableIdentityMap: true })
}

function inInput<Problem extends { readonly argument: string }>(problem: Problem): Problem {
  return { ...problem, argument: under('input', problem.argument) }
}
