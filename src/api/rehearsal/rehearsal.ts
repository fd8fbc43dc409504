import { randomUUID } from 'node:crypto'
import type { MappingDefinition } from '../../domain/mapping.js'
import { RunStatus } from '../../domain/run.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { Rehearsal } from '../../persistence/entities/rehearsal.js'
import type { ApiContext } from '../context.js'
import { apiError, badUserInput, ErrorCode, havingBegun } from '../errors.js'
import { problemsOfChange } from '../mapping/change-mapping.js'
import { toDocument } from '../mapping/document/mapping-document.js'
import { under } from '../mapping/document/problems.js'
import { readDocument } from '../mapping/document/read-document.js'
import { LONGEST_WAIT } from '../synch-run/run-engine.js'

/** The most changes of one rehearsal. */
export const MOST_CHANGES = 20_000

/**
 * Rehearses changed settings on the latest recorded changes; waits at most 25 seconds. Throws BAD_USER_INPUT with every problem of
 * the settings at its place (`changes.fields[2].direction`), ENGINE_UNAVAILABLE.
 */
export async function rehearseMapping(
  context: ApiContext,
  mapping: Mapping,
  changes: object,
  last: number,
): Promise<Rehearsal> {
  if (last < 1 || last > MOST_CHANGES) {
    throw badUserInput([
      { argument: 'last', message: `Expected a number from 1 to ${MOST_CHANGES}, got ${last}.` },
    ])
  }
  const definition = await changedDefinition(context, mapping, changes)
  const em = context.em.fork()
  const made = em.create(Rehearsal, {
    id: randomUUID(),
    mappingId: mapping.id,
    mappingVersion: mapping.version,
    definition,
    last,
    status: RunStatus.running,
    requestedBy: context.principal.name,
    requestedAt: new Date(),
  })
  await em.persist(made).flush()
  try {
    await context.runControl.startRehearsal(made.id)
    await context.runControl.waitForRehearsal(made.id, LONGEST_WAIT)
  } catch (error) {
    context.logger.error({ err: error, rehearsalId: made.id }, 'Temporal could not be reached')
    throw havingBegun(
      apiError(
        ErrorCode.engineUnavailable,
        'Temporal cannot be reached, so the rehearsal does not start yet. It is carried out once Temporal and a worker run; ask rehearsal(id) for it.',
        { rehearsalId: made.id },
      ),
    )
  }
  return readRehearsal(context, made.id)
}

/** The settings that are given, over those in force. */
async function changedDefinition(
  context: ApiContext,
  mapping: Mapping,
  changes: object,
): Promise<MappingDefinition> {
  const read = readDocument({ ...toDocument(mapping.definition), ...changes })
  const problems =
    read.value === null ? read.problems : await problemsOfChange(context.em.fork(), mapping, read.value)
  if (read.value === null || problems.length > 0) {
    throw badUserInput(
      problems.map((problem) => ({ ...problem, argument: under('changes', problem.argument) })),
    )
  }
  return read.value
}

/** Throws NOT_FOUND. */
export async function readRehearsal(context: ApiContext, id: string): Promise<Rehearsal> {
  const found = await context.em.findOne(Rehearsal, { id }, { disableIdentityMap: true })
  if (found === null) throw apiError(ErrorCode.notFound, `There is no rehearsal ${id}.`)
  return found
}
