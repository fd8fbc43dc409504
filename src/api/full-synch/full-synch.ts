import { inTransaction } from '../in-transaction.js'
import { assertConnectionsEnabled } from '../connection/assert-enabled.js'
import { randomUUID } from 'node:crypto'
import { LockMode, UniqueConstraintViolationException, type EntityManager } from '@mikro-orm/postgresql'
import type { FullSynchAction } from '../../domain/full-synch.js'
import { RunStatus } from '../../domain/run.js'
import { Connection } from '../../persistence/entities/connection.js'
import { FullSynch, FullSynchLine } from '../../persistence/entities/full-synch.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { SynchRun } from '../../persistence/entities/synch-run.js'
import { markRuns } from '../../persistence/holds.js'
import type { FullSynchWorkflowInput } from '../../workflows/messages.js'
import type { ApiContext } from '../context.js'
import { apiError, badUserInput, ErrorCode, type InputProblem } from '../errors.js'
import { LONGEST_WAIT, stopRun } from '../synch-run/run-engine.js'

/** Makes the review list of a connection; one that is being reviewed is thrown away. Throws CONFLICTING_STATE while one runs. */
export async function prepareFullSynch(context: ApiContext, connectionId: string): Promise<FullSynch> {
  const id = randomUUID()
  try {
    await inTransaction(context, async (em) => {
      await em.nativeDelete(FullSynch, { connectionId, status: 'REVIEW' })
      await em
        .persist(
          em.create(FullSynch, {
            id,
            connectionId,
            status: 'REVIEW',
            requestedBy: context.principal.name,
            requestedAt: new Date(),
          }),
        )
        .flush()
    })
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    throw apiError(
      ErrorCode.conflictingState,
      'A full synchronisation of this connection is under way. Wait until it has ended, or cancel it.',
    )
  }
  const input: FullSynchWorkflowInput = { fullSynchId: id, phase: 'REVIEW' }
  await reach(context, async () => {
    await context.runControl.startFullSynch(input)
    await context.runControl.waitForFullSynch(input, LONGEST_WAIT)
  })
  return readFullSynch(context, id)
}

/** Starts what was reviewed, with the actions chosen. Throws BAD_USER_INPUT with every problem; CONFLICTING_STATE. */
export async function startFullSynch(
  context: ApiContext,
  id: string,
  chosen: readonly { readonly mapping: string; readonly action: FullSynchAction }[],
): Promise<FullSynch> {
  await inTransaction(context, async (em) => {
    const full = await lock(em, id)
    assertStatus(full, 'REVIEW', 'started')
    const connection = await em.findOneOrFail(Connection, { id: full.connectionId })
    await assertConnectionsEnabled(em, [connection.id])
    if (connection.pausedAt) {
      throw apiError(
        ErrorCode.conflictingState,
        `The connection ${connection.name} is paused. Resume it first (resumeConnection).`,
      )
    }
    const lines = await em.find(FullSynchLine, { fullSynchId: id })
    if (lines.length === 0) {
      throw apiError(
        ErrorCode.conflictingState,
        'The review list is still being made. Ask for fullSynch(id) until it has lines.',
      )
    }
    const mappings = await em.find(Mapping, { id: { $in: lines.map((line) => line.mappingId) } })
    const problems = choose(lines, mappings, chosen)
    if (problems.length > 0) throw badUserInput(problems)
    full.status = 'RUNNING'
    full.startedAt = new Date()
    await em.flush()
  })
  await reach(context, () => context.runControl.startFullSynch({ fullSynchId: id, phase: 'CARRY_OUT' }))
  return readFullSynch(context, id)
}

function choose(
  lines: readonly FullSynchLine[],
  mappings: readonly Mapping[],
  chosen: readonly { readonly mapping: string; readonly action: FullSynchAction }[],
): readonly InputProblem[] {
  const problems: InputProblem[] = []
  for (const [index, { mapping: name, action }] of chosen.entries()) {
    const mapping = mappings.find((candidate) => candidate.name === name)
    const line = lines.find((candidate) => candidate.mappingId === mapping?.id)
    if (mapping === undefined || line === undefined) {
      const known = mappings.map((candidate) => candidate.name).join(', ')
      problems.push({
        argument: `lines[${index}].mapping`,
        message: `Expected one of ${known}, got ${name}.`,
      })
      continue
    }
    if (action === 'UNCONDITIONAL' && mapping.direction === 'BIDIRECTIONAL') {
      problems.push({
        argument: `lines[${index}].action`,
        message: `Expected FULL, COUPLE or NONE: ${name} is bidirectional, and writing every difference of one side would lose the other's changes.`,
      })
    }
    if (action === 'COUPLE' && mapping.definition.matchRules.length === 0) {
      problems.push({
        argument: `lines[${index}].action`,
        message: `You must specify which fields on the table mapping '${name}' should be used for match-based coupling.`,
      })
    }
    line.action = action
  }
  return problems
}

/** The runs under way wait between two pages, no further line starts; or all goes on. */
export async function setFullSynchPaused(
  context: ApiContext,
  id: string,
  paused: boolean,
): Promise<FullSynch> {
  const runs = await inTransaction(context, async (em) => {
    const full = await lock(em, id)
    assertStatus(full, 'RUNNING', paused ? 'paused' : 'resumed')
    full.pausedAt = paused ? (full.pausedAt ?? new Date()) : null
    await em.flush()
    const open = await openRuns(em, id)
    return markRuns(em, { runIds: open.map((run) => run.id) }, paused)
  })
  const { runControl } = context
  await reach(context, () =>
    Promise.all(runs.map((runId) => (paused ? runControl.pause(runId) : runControl.resume(runId)))),
  )
  return readFullSynch(context, id)
}

/** Stops after the pages at hand. Throws CONFLICTING_STATE when it has ended. */
export async function cancelFullSynch(context: ApiContext, id: string): Promise<FullSynch> {
  const runs = await inTransaction(context, async (em) => {
    const full = await lock(em, id)
    if (full.status !== 'REVIEW') assertStatus(full, 'RUNNING', 'cancelled')
    full.status = 'CANCELLED'
    full.finishedAt = new Date()
    for (const line of await em.find(FullSynchLine, { fullSynchId: id, status: 'WAITING' })) {
      line.status = 'CANCELLED'
    }
    return (await openRuns(em, id)).map((run) => run.id)
  })
  for (const runId of runs) await stopRun(context, runId)
  return readFullSynch(context, id)
}

/** As it stands now. Throws NOT_FOUND. */
export async function readFullSynch(context: ApiContext, id: string): Promise<FullSynch> {
  const found = await context.em.findOne(FullSynch, { id }, { disableIdentityMap: true })
  if (found === null) throw apiError(ErrorCode.notFound, `There is no full synchronisation ${id}.`)
  return found
}

async function lock(em: EntityManager, id: string): Promise<FullSynch> {
  const found = await em.findOne(FullSynch, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
  if (found === null) throw apiError(ErrorCode.notFound, `There is no full synchronisation ${id}.`)
  return found
}

function assertStatus(full: FullSynch, expected: 'REVIEW' | 'RUNNING', wish: string): void {
  if (full.status === expected) return
  throw apiError(
    ErrorCode.conflictingState,
    `The full synchronisation is ${full.status}; only one that is ${expected} can be ${wish}.`,
  )
}

async function openRuns(em: EntityManager, fullSynchId: string): Promise<readonly SynchRun[]> {
  const lines = await em.find(FullSynchLine, { fullSynchId, status: 'RUNNING' })
  const ids = lines.flatMap((line) => line.runId ?? [])
  return em.find(SynchRun, { id: { $in: ids }, status: { $in: [RunStatus.running, RunStatus.queued] } })
}

async function reach(context: ApiContext, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    context.logger.error({ err: error }, 'Temporal could not be reached')
    throw apiError(
      ErrorCode.engineUnavailable,
      'It is noted, but Temporal cannot be reached. Start Temporal and a worker: what was noted is then carried out.',
    )
  }
}
