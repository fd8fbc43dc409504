import { inTransaction } from '../in-transaction.js'
import { RunKind, type CouplingOptions } from '../../domain/run.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import { requestRun } from '../../persistence/runs.js'
import type { ApiContext } from '../context.js'
import { badUserInput } from '../errors.js'
import { assertNotPaused } from '../job-control/pausing.js'
import { readRun, startRun } from '../synch-run/run-engine.js'

/** Null: as the mapping says. */
interface AskedOptions {
  readonly createNew: boolean | null
  readonly synchronizeAfterwards: boolean | null
}

/** What a match-based coupling is to do, all said: what is set on the mapping later does not change it. */
export function couplingOptions(mapping: Mapping, asked: AskedOptions): CouplingOptions {
  const { createNew, synchronizeAfterwards } = mapping.definition.coupling
  return {
    createNew: asked.createNew ?? createNew,
    synchronizeAfterwards: asked.synchronizeAfterwards ?? synchronizeAfterwards,
  }
}

/**
 * Match-based coupling of a whole mapping; what is left out is as the mapping says. During such a run that one is returned, unless
 * more is asked of this one. Throws BAD_USER_INPUT without match rules, CONFLICTING_STATE while paused, ENGINE_UNAVAILABLE.
 */
export async function coupleByMatching(
  context: ApiContext,
  mapping: Mapping,
  options: AskedOptions,
): Promise<SynchRun> {
  assertMatchRules(mapping, 'mapping')
  await assertNotPaused(context.em, mapping)
  const { run, isNew } = await inTransaction(context, (em) =>
    requestRun(em, {
      mappingId: mapping.id,
      kind: RunKind.manual,
      mode: 'COUPLE',
      direction: null,
      requestedBy: context.principal.name,
      coupling: couplingOptions(mapping, options),
    }),
  )
  if (isNew) await startRun(context, run.id)
  return readRun(context, run.id)
}

/** Throws BAD_USER_INPUT, in Business Central's words, where the mapping names no fields to match by. */
export function assertMatchRules(mapping: Mapping, argument: string): void {
  if (mapping.definition.matchRules.length > 0) return
  throw badUserInput([
    {
      argument,
      message: `You must specify which fields on the table mapping '${mapping.name}' should be used for match-based coupling.`,
    },
  ])
}
