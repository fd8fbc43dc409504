import { inTransaction } from '../in-transaction.js'
import { directionsOf, type PassDirection } from '../../domain/mapping.js'
import { RunKind, type RunMode } from '../../domain/run.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import { requestRun } from '../../persistence/runs.js'
import type { ApiContext } from '../context.js'
import { badUserInput } from '../errors.js'
import { assertMatchRules } from '../coupling/couple-by-matching.js'
import { assertNotPaused } from '../job-control/pausing.js'
import { readRun, startRun } from './run-engine.js'

/** Asks for a run of a mapping and starts it; during a run that one is returned. Throws BAD_USER_INPUT. */
export async function synchronizeMapping(
  context: ApiContext,
  mapping: Mapping,
  mode: RunMode,
  direction: PassDirection | null,
): Promise<SynchRun> {
  if (direction !== null) assertCarried(mapping, direction)
  if (mode === 'COUPLE') assertMatchRules(mapping, 'mode')
  await assertNotPaused(context.em, mapping)
  const { run, isNew } = await inTransaction(context, (em) =>
    requestRun(em, {
      mappingId: mapping.id,
      kind: RunKind.manual,
      mode,
      direction,
      requestedBy: context.principal.name,
    }),
  )
  if (isNew) await startRun(context, run.id)
  return readRun(context, run.id)
}

/** A one-way mapping has one direction. Throws BAD_USER_INPUT naming it. */
export function assertCarried(mapping: Mapping, direction: PassDirection, argument = 'direction'): void {
  if (directionsOf(mapping.direction).includes(direction)) return
  throw badUserInput([
    {
      argument,
      message: `The mapping ${mapping.name} is carried ${mapping.direction} only; expected that direction, got ${direction}.`,
    },
  ])
}
