import { Lane } from '../domain/lane.js'
import { LockMode, type EntityManager } from '@mikro-orm/postgresql'
import { Context } from '@temporalio/activity'
import { ConnectorError } from '../connectors/connector.js'
import {
  lineStatusAfter,
  nextLines,
  recommendationFor,
  runModeOf,
  type LineFacts,
} from '../domain/full-synch.js'
import { RunKind, RunStatus, workflowIdOf } from '../domain/run.js'
import { Side } from '../domain/value.js'
import { FullSynch, FullSynchLine } from '../persistence/entities/full-synch.js'
import { Mapping } from '../persistence/entities/mapping.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { requestRun } from '../persistence/runs.js'
import { run as execute, sql } from '../persistence/sql.js'
import type { ActivityDependencies } from './dependencies.js'
import { loadMapping } from './mapping-context.js'

export interface FullSynchInput {
  readonly fullSynchId: string
}

/** How often the runs of a full synchronisation are looked at, milliseconds. */
const LOOK = 500

/**
 * Makes the review list: a line a mapping with its counts and recommendation, in dependency order. Reads counts only. Safe to
 * repeat: lines are made once, in one transaction.
 */
export async function reviewFullSynch(
  dependencies: ActivityDependencies,
  input: FullSynchInput,
): Promise<void> {
  const em = dependencies.database.em.fork()
  const full = await em.findOneOrFail(FullSynch, { id: input.fullSynchId })
  if ((await em.count(FullSynchLine, { fullSynchId: full.id })) > 0) return
  const mappings = await em.find(
    Mapping,
    { connectionId: full.connectionId },
    { orderBy: { position: 'asc' } },
  )
  const lines = await Promise.all(mappings.map((mapping) => factsOf(dependencies, mapping)))
  await em.fork().transactional(async (transaction) => {
    for (const [position, mapping] of mappings.entries()) {
      const { facts, message } = lines[position] ?? { facts: null, message: null }
      if (facts === null) continue
      const recommendation = recommendationFor(facts)
      transaction.persist(
        transaction.create(FullSynchLine, {
          fullSynchId: full.id,
          mappingId: mapping.id,
          position,
          dependsOn: mapping.definition.dependsOn,
          localCount: facts.localCount,
          integrationCount: facts.integrationCount,
          coupledCount: facts.coupledCount,
          recommendation,
          action: recommendation,
          status: 'WAITING',
          message,
        }),
      )
    }
    await transaction.flush()
  })
}

async function factsOf(
  dependencies: ActivityDependencies,
  mapping: Mapping,
): Promise<{ readonly facts: LineFacts; readonly message: string | null }> {
  const [coupled] = await execute<{ count: string }>(
    dependencies.database.em.fork(),
    sql`select count(*)::text as count from coupling where mapping_id = ${mapping.id}`,
  )
  const definition = mapping.inForce()
  const problems: string[] = []
  const count = async (side: Side): Promise<number | null> => {
    const filter = side === Side.local ? definition.localFilter : definition.integrationFilter
    try {
      const { connectors, tables } = await loadMapping(dependencies, mapping.id, Lane.backfill)
      return await connectors[side].countRecords(tables[side], filter)
    } catch (error) {
      // A system that cannot be asked must not hide the lines of the others; the line says so.
      if (!(error instanceof ConnectorError)) throw error
      problems.push(`${error.failure.message} ${error.failure.remedy}`)
      return null
    }
  }
  const [localCount, integrationCount] = await Promise.all([count(Side.local), count(Side.integration)])
  return {
    facts: {
      localCount,
      integrationCount,
      coupledCount: Number(coupled?.count ?? 0),
      hasMatchRules: definition.matchRules.length > 0,
    },
    message: problems.length === 0 ? null : problems.join(' '),
  }
}

/** Runs whose workflows are to be started, and whether everything has ended. */
export interface FullSynchStep {
  readonly start: readonly string[]
  readonly ended: boolean
  /** What people had asked of it; {@link followFullSynch} returns when that changes. */
  readonly state: string
}

/**
 * Takes a full synchronisation one step on: lines whose runs have ended are closed, lines whose dependencies are through get a
 * run. Safe to repeat: each step looks at what is there; a run that was made and not started is named again.
 */
export async function advanceFullSynch(
  dependencies: ActivityDependencies,
  input: FullSynchInput,
): Promise<FullSynchStep> {
  return dependencies.database.em.fork().transactional(async (em) => {
    const full = await em.findOneOrFail(
      FullSynch,
      { id: input.fullSynchId },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    )
    const lines = await em.find(FullSynchLine, { fullSynchId: full.id }, { orderBy: { position: 'asc' } })
    await closeLines(em, lines)
    if (full.status !== 'RUNNING') return { start: [], ended: true, state: '' }
    const names = await namesOf(em, lines)
    if (!full.pausedAt) await startLines(em, full, lines, names)
    const open = lines.filter((line) => line.status === 'WAITING' || line.status === 'RUNNING')
    if (open.length === 0) {
      const lost = lines.filter((line) => line.status === 'FAILED' || line.status === 'BLOCKED')
      full.status = lost.length === 0 ? 'COMPLETED' : 'FAILED'
      full.finishedAt = new Date()
      full.message =
        lost.length === 0
          ? null
          : `Not through: ${lost.map((line) => names.get(line.mappingId)).join(', ')}. Their lines say why; what was done stands.`
    }
    await em.flush()
    return {
      start: await notStarted(em, lines),
      ended: full.status !== 'RUNNING',
      state: await stateOf(em, full.id),
    }
  })
}

async function closeLines(em: EntityManager, lines: readonly FullSynchLine[]): Promise<void> {
  for (const line of lines) {
    if (line.status !== 'RUNNING' || !line.runId) continue
    const run = await em.findOneOrFail(SynchRun, { id: line.runId })
    const status = lineStatusAfter(run.status)
    if (status === null) continue
    line.status = status
    line.message = run.message ?? null
  }
}

async function startLines(
  em: EntityManager,
  full: FullSynch,
  lines: readonly FullSynchLine[],
  names: ReadonlyMap<string, string>,
): Promise<void> {
  // A line left out, or blocked, may set others free, or block them.
  for (let moved = true; moved;) {
    moved = false
    const { start, blocked } = nextLines(
      lines.map((line) => ({ ...line, name: names.get(line.mappingId) ?? line.mappingId })),
    )
    for (const { name, by } of blocked) {
      const line = lines.find((candidate) => names.get(candidate.mappingId) === name)
      if (line === undefined) continue
      line.status = 'BLOCKED'
      line.message = `${by}, which it depends on, did not get through.`
      moved = true
    }
    for (const name of start) {
      const line = lines.find((candidate) => names.get(candidate.mappingId) === name)
      if (line === undefined) continue
      if (line.action === 'NONE') {
        line.status = 'LEFT_OUT'
        moved = true
        continue
      }
      const { run } = await requestRun(em, {
        mappingId: line.mappingId,
        kind: RunKind.manual,
        mode: runModeOf(line.action),
        direction: null,
        includeUncoupled: line.action !== 'COUPLE',
        requestedBy: full.requestedBy,
      })
      line.status = 'RUNNING'
      line.runId = run.id
    }
  }
}

async function namesOf(
  em: EntityManager,
  lines: readonly FullSynchLine[],
): Promise<ReadonlyMap<string, string>> {
  const mappings = await em.find(Mapping, { id: { $in: lines.map((line) => line.mappingId) } })
  return new Map(mappings.map((mapping) => [mapping.id, mapping.name]))
}

async function notStarted(em: EntityManager, lines: readonly FullSynchLine[]): Promise<readonly string[]> {
  const ids = lines.flatMap((line) => (line.status === 'RUNNING' && line.runId ? [line.runId] : []))
  const runs = await em.find(SynchRun, { id: { $in: ids }, status: RunStatus.running })
  // A run that was queued behind another goes on in that one's workflow, and is not started here.
  return runs.filter((run) => !run.startedAt && run.workflowId === workflowIdOf(run.id)).map((run) => run.id)
}

/** Waits until a run of a full synchronisation has ended, or it was paused, resumed or cancelled. Changes nothing. */
export async function followFullSynch(
  dependencies: ActivityDependencies,
  input: FullSynchInput & { readonly state: string },
): Promise<void> {
  const { cancellationSignal } = Context.current()
  while (!cancellationSignal.aborted && !(await hasMoved(dependencies, input))) {
    await Context.current().sleep(LOOK)
  }
}

/** A run has ended that its line does not know of, or something else was asked for than the last step saw. */
async function hasMoved(
  dependencies: ActivityDependencies,
  input: FullSynchInput & { readonly state: string },
): Promise<boolean> {
  const em = dependencies.database.em.fork()
  const ended = await execute<{ one: number }>(
    em,
    sql`select 1 as one from full_synch_line l join synch_run r on r.id = l.run_id
        where l.full_synch_id = ${input.fullSynchId} and l.status = 'RUNNING' and r.status not in ('RUNNING', 'QUEUED') limit 1`,
  )
  return ended.length > 0 || (await stateOf(em, input.fullSynchId)) !== input.state
}

/** What people have asked of a full synchronisation. */
async function stateOf(em: EntityManager, fullSynchId: string): Promise<string> {
  const [row] = await execute<{ state: string }>(
    em,
    sql`select concat_ws('|', status, paused_at) as state from full_synch where id = ${fullSynchId}`,
  )
  return row?.state ?? ''
}
