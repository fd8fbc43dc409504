import { keptSide } from '../domain/choice.js'
import type { Direction, PassDirection } from '../domain/mapping.js'
import { attemptsWithin } from '../domain/patience.js'
import { isWhole, passesOf, RecordStatus, RunKind, RunStatus } from '../domain/run.js'
import { passFrom, sourceOf } from '../domain/settle.js'
import { otherSide } from '../domain/value.js'
import { LockMode, type EntityManager } from '@mikro-orm/postgresql'
import { Mapping } from '../persistence/entities/mapping.js'
import { Connection } from '../persistence/entities/connection.js'
import { MappingVersion } from '../persistence/entities/mapping-version.js'
import { RecordState } from '../persistence/entities/record-state.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { isHeld } from '../persistence/holds.js'
import { isHeldByFullSynch } from '../persistence/queries/full-synch.js'
import { requestRun } from '../persistence/runs.js'
import { databaseClock, run, sql } from '../persistence/sql.js'
import type { ActivityDependencies } from './dependencies.js'
import { hasChanges } from './look-for-changes.js'

/** `runId` null: the schedule asks for a run of `mappingId`. */
export interface StartRunInput {
  readonly runId: string | null
  readonly mappingId: string | null
  readonly workflowId: string
  readonly workflowRunId: string
}

/** `null`: there is nothing to do (a run is under way, the run has ended, or its mapping is gone). */
export type RunPlan = {
  readonly runId: string
  readonly passes: readonly PassDirection[]
  /** Attempts of each step while a system is unavailable. */
  readonly attempts: number
  /** Milliseconds without a sign of life after which another worker takes a step over. An earlier version did not say. */
  readonly workerTimeout?: number
  /** It has to wait between two pages, whether it was paused itself or with what it belongs to. */
  readonly paused: boolean
  readonly cancelled: boolean
  /** A plan: nothing is written. */
  readonly dry: boolean
} | null

/**
 * Takes a run up. Safe to repeat: a run that this workflow has taken up already is returned as it is; the mapping's run
 * counter rises once, with the run's start.
 */
export async function startRun(dependencies: ActivityDependencies, input: StartRunInput): Promise<RunPlan> {
  if (input.runId === null && !(await mayStartByItself(dependencies, input))) return null
  return dependencies.database.em.fork().transactional(async (em) => {
    let found: SynchRun | null
    if (input.runId === null) {
      if (input.mappingId === null || (await em.findOne(Mapping, { id: input.mappingId })) === null)
        return null
      const own = await em.findOne(SynchRun, {
        workflowId: input.workflowId,
        workflowRunId: input.workflowRunId,
      })
      const requested =
        own ??
        (await requestRun(em, {
          mappingId: input.mappingId,
          kind: RunKind.scheduled,
          mode: 'MODIFIED',
          direction: null,
          requestedBy: 'schedule',
        }).then(({ run: made, isNew }) => (isNew ? made : null)))
      if (requested === null) return null
      requested.workflowId = input.workflowId
      found = requested
    } else {
      found = await em.findOne(SynchRun, { id: input.runId }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    }
    if (found === null || (found.status !== RunStatus.running && found.status !== RunStatus.queued))
      return null
    const mapping = await em.findOne(Mapping, { id: found.mappingId })
    if (mapping === null) return null
    if (!found.startedAt && isWhole(found.kind)) {
      await run(
        em,
        sql`update integration_table_mapping set run_count = run_count + 1 where id = ${mapping.id}`,
      )
    }
    found.status = RunStatus.running
    if (!found.startedAt) found.mappingVersion = mapping.version
    found.startedAt ??= new Date()
    found.workflowId = input.workflowId
    found.workflowRunId = input.workflowRunId
    await em.flush()
    return {
      runId: found.id,
      passes: passesOfRun(await directionOf(em, mapping, found), found),
      attempts: attemptsWithin(dependencies.settings.patience),
      workerTimeout: dependencies.settings.workerTimeout,
      paused: await isHeld(em, found.id),
      cancelled: Boolean(found.cancelRequestedAt),
      dry: found.kind === RunKind.plan,
    }
  })
}

/**
 * Whether a run that nobody asked for may start: not while its connection is disabled, the mapping, its connection or all schedules are paused, nor while a
 * full synchronisation has the mapping; a sleeping mapping only when there is something to do.
 */
async function mayStartByItself(dependencies: ActivityDependencies, input: StartRunInput): Promise<boolean> {
  const em = dependencies.database.em.fork()
  const own = await em.findOne(SynchRun, { workflowId: input.workflowId, workflowRunId: input.workflowRunId })
  if (own !== null) return true
  if (!dependencies.settings.schedules || input.mappingId === null) return false
  const mapping = await em.findOne(Mapping, { id: input.mappingId })
  if (mapping === null || mapping.pausedAt) return false
  const connection = await em.findOneOrFail(Connection, { id: mapping.connectionId })
  if (connection.pausedAt || connection.disabledAt || (await isHeldByFullSynch(em, mapping.id))) return false
  const sleeps = (mapping.sleepsUntil?.getTime() ?? 0) > (await databaseClock(em))
  if (!sleeps || mapping.fromWatermarkSet || mapping.toWatermarkSet) return true
  const pending = await em.count(RecordState, { mappingId: mapping.id, state: RecordStatus.pending })
  return pending > 0 || (await hasChanges(dependencies, mapping.id))
}

const SETTLED_IN_ONE_PASS: ReadonlySet<string> = new Set([
  'resolve',
  'merge',
  'restore',
  'delete',
  'deletions',
])

/** Of the version that the run carries out, whatever was changed since. */
async function directionOf(em: EntityManager, mapping: Mapping, found: SynchRun): Promise<Direction> {
  if (found.mappingVersion === mapping.version) return mapping.direction
  const { definition } = await em.findOneOrFail(MappingVersion, {
    mappingId: mapping.id,
    version: found.mappingVersion,
  })
  return definition.direction
}

function passesOfRun(direction: Direction, found: SynchRun): readonly PassDirection[] {
  const asked = found.direction ?? null
  const first = passesOf(direction, null).slice(0, 1)
  // Match-based coupling reads the one side from which the mapping carries, and may create on the other.
  if (found.mode === 'COUPLE') return first
  const { scope } = found
  if (scope?.kind === 'couple') {
    const { synchronize } = scope
    return synchronize === 'NONE' || synchronize === 'MERGE' ? first : [synchronize]
  }
  if (scope?.kind === 'create') return [passFrom(scope.side)]
  // What is set back is the destination of its pass, whichever way the mapping goes by now.
  if (scope?.kind === 'undo')
    return passesOf('BIDIRECTIONAL', null).filter((pass) => scope.sides.includes(otherSide(sourceOf(pass))))
  // Whichever side is gone; nothing is written, so a one-way mapping is no reason to look from one side only.
  if (scope?.kind === 'repair') return passesOf('BIDIRECTIONAL', null)
  const kept = found.scope?.kind === 'resolve' ? keptSide(found.scope.choice) : null
  if (kept !== null) return [passFrom(kept)]
  // Both sides are settled in one step.
  const kind = found.scope?.kind
  if (kind !== undefined && SETTLED_IN_ONE_PASS.has(kind)) return first
  if (found.scope?.kind === 'forced' && asked !== null) return [asked]
  return passesOf(direction, asked)
}
