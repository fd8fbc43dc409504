import type { EntityManager } from '@mikro-orm/postgresql'
import type { ResolveChoice } from '../../domain/choice.js'
import { fieldOf } from '../../domain/schema.js'
import { Side } from '../../domain/value.js'
import { Connection } from '../../persistence/entities/connection.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { tablesOfMapping } from '../../persistence/tables.js'
import type { ApiContext } from '../context.js'
import { badUserInput, echo, type InputProblem } from '../errors.js'
import type { Choosable } from './resolve-skipped.js'

/**
 * Fields that are chosen must be mapped, and a value of one's own must be of the kind that Business Central's field holds. Throws
 * BAD_USER_INPUT with all problems.
 */
export async function assertFields(
  context: ApiContext,
  records: readonly Choosable[],
  choices: ReadonlyMap<string, ResolveChoice>,
): Promise<void> {
  const byMapping = new Map(
    [...Map.groupBy(records, ({ state }) => state.mappingId)].map(([mappingId, group]) => [
      mappingId,
      [...new Set(group.flatMap(({ state }) => choices.get(state.id) ?? []))],
    ]),
  )
  await assertChoices(context.em, byMapping)
}

/** The same of choices by the id of their mapping. */
export async function assertChoices(
  em: EntityManager,
  choices: ReadonlyMap<string, readonly ResolveChoice[]>,
): Promise<void> {
  const problems = new Map<string, InputProblem>()
  for (const [mappingId, chosen] of choices) {
    if (chosen.every((choice) => choice.kind === 'side')) continue
    const mapping = await em.findOneOrFail(Mapping, { id: mappingId }, { disableIdentityMap: true })
    const connection = await em.findOneOrFail(Connection, { id: mapping.connectionId })
    const definition = mapping.inForce()
    const tables = await tablesOfMapping(em, connection, definition)
    for (const choice of chosen) {
      if (choice.kind === 'side') continue
      for (const [name, field] of Object.entries(choice.fields)) {
        const mapped = definition.fields.find((candidate) => candidate.name === name)
        if (mapped === undefined) {
          const known = definition.fields.map((candidate) => candidate.name).join(', ')
          const message = `The mapping ${mapping.name} has no field ${echo(name)}. Its fields: ${known}.`
          problems.set(`${mappingId} ${name}`, { argument: 'fields', message })
        } else if ('value' in field && mapped.localField !== null && field.value !== null) {
          const { type } = fieldOf(tables[Side.local], mapped.localField)
          const wanted = type.kind === 'boolean' ? 'boolean' : 'string'
          if (typeof field.value !== wanted) {
            const message = `${name} holds ${wanted === 'boolean' ? 'true or false' : 'text'}, got ${String(field.value)}.`
            problems.set(`${mappingId} ${name}`, { argument: 'fields', message })
          }
        }
      }
    }
  }
  if (problems.size > 0) throw badUserInput([...problems.values()])
}
