import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { PassDirection } from '../domain/mapping.js'
import {
  isWider,
  RunKind,
  RunStatus,
  WHOLE_RUNS,
  workflowIdOf,
  type CouplingOptions,
  type RunMode,
  type RunScope,
} from '../domain/run.js'
import type { Side } from '../domain/value.js'
import { Mapping } from './entities/mapping.js'
import { SynchRun } from './entities/synch-run.js'
import { lockMapping } from './queries/mapping-locks.js'

/** What someone asks for. `requestedBy`: `schedule`, or who. */
export interface RunRequest {
  readonly mappingId: string
  readonly kind: (typeof WHOLE_RUNS)[number]
  readonly mode: RunMode
  readonly direction: PassDirection | null
  readonly requestedBy: string
  /** Create records without a partner, whatever Synch. Only Coupled Records says. */
  readonly includeUncoupled?: boolean
  /** Of mode COUPLE; left out: as the mapping says. */
  readonly coupling?: CouplingOptions
}

/** `isNew`: the row was made now and its workflow must be started by the caller, after the transaction. */
export interface RequestedRun {
  readonly run: SynchRun
  readonly isNew: boolean
}

/**
 * Asks for a run of a mapping. Passes over one mapping never overlap: during a run that run is returned; a wider mode is
 * queued once behind it and started when it ends. Must be called inside a transaction.
 */
export async function requestRun(em: EntityManager, request: RunRequest): Promise<RequestedRun> {
  await lockMapping(em, request.mappingId)
  const open = await em.find(SynchRun, {
    mappingId: request.mappingId,
    kind: { $in: WHOLE_RUNS },
    status: { $in: [RunStatus.running, RunStatus.queued] },
  })
  const running = open.find((candidate) => candidate.status === RunStatus.running)
  // A coupling run and any other are queued side by side: neither does the other's work.
  const couples = request.mode === 'COUPLE'
  const queued = open.find(
    (candidate) => candidate.status === RunStatus.queued && (candidate.mode === 'COUPLE') === couples,
  )
  if (running !== undefined) {
    if (!isWider(request, running)) return { run: running, isNew: false }
    if (queued !== undefined) {
      if (isWider(request, queued)) {
        if (isWider({ mode: request.mode }, { mode: queued.mode })) queued.mode = request.mode
        queued.includeUncoupled ||= request.includeUncoupled ?? false
        if (queued.coupling) queued.coupling = widened(queued.coupling, request.coupling)
        if (queued.direction !== request.direction) queued.direction = null
        await em.flush()
      }
      return { run: queued, isNew: false }
    }
    return { run: await createRun(em, request, RunStatus.queued, null, null), isNew: false }
  }
  if (queued !== undefined) {
    queued.status = RunStatus.running
    await em.flush()
    return { run: queued, isNew: true }
  }
  return { run: await createRun(em, request, RunStatus.running, null, null), isNew: true }
}

/** Asks for work on chosen records. It runs beside the passes; claims keep the two apart. */
export async function requestRecordsRun(
  em: EntityManager,
  request: {
    readonly mappingId: string
    readonly scope: RunScope
    readonly direction: PassDirection | null
    readonly requestedBy: string
    readonly retryOf?: string
    /** How much the plan looked at that is carried out; else what was changed. */
    readonly mode?: RunMode
    readonly includeUncoupled?: boolean
    readonly coupling?: CouplingOptions
  },
): Promise<SynchRun> {
  return createRun(
    em,
    { ...request, kind: RunKind.records, mode: request.mode ?? 'MODIFIED' },
    RunStatus.running,
    request.scope,
    request.retryOf ?? null,
  )
}

/**
 * Asks for another attempt at records, one run a mapping. `records` without a coupling are named by side and id. What a person wants
 * to be tried again, one or many, goes this way.
 */
export async function requestRetries(
  em: EntityManager,
  records: readonly RetriedRecord[],
  requestedBy: string,
  /** False: nobody looked at each record, so deletions among them are counted and reviewed as those of a pass. */
  asked?: false,
): Promise<readonly SynchRun[]> {
  const runs: SynchRun[] = []
  for (const [mappingId, ofMapping] of Map.groupBy(records, (record) => record.mappingId)) {
    const created = await requestRecordsRun(em, {
      mappingId,
      scope: {
        kind: 'retry',
        couplingIds: ofMapping.flatMap((record) => record.couplingId ?? []),
        records: ofMapping
          .filter((record) => record.couplingId === null)
          .map((record) => ({ side: record.side, id: record.recordId })),
        ...(asked === undefined ? {} : { asked }),
      },
      direction: null,
      requestedBy,
    })
    runs.push(created)
  }
  return runs
}

/** A record to be tried again. */
export interface RetriedRecord {
  readonly mappingId: string
  readonly couplingId: string | null
  readonly side: Side
  readonly recordId: string
}

/** Asks for a plan: a run that writes nothing. It runs beside others. */
export async function requestPlan(
  em: EntityManager,
  request: {
    readonly mappingId: string
    readonly mode: RunMode
    readonly direction: PassDirection | null
    readonly includeUncoupled: boolean
    readonly coupling?: CouplingOptions
    readonly requestedBy: string
  },
): Promise<SynchRun> {
  return createRun(em, { ...request, kind: RunKind.plan }, RunStatus.running, null, null)
}

/** Two requests for match-based coupling that become one run: it does what either asks for. */
function widened(known: CouplingOptions, asked: CouplingOptions | undefined): CouplingOptions {
  return {
    createNew: known.createNew || asked?.createNew === true,
    synchronizeAfterwards: known.synchronizeAfterwards || asked?.synchronizeAfterwards === true,
  }
}

async function createRun(
  em: EntityManager,
  request: Omit<RunRequest, 'kind'> & { readonly kind: RunKind },
  status: RunStatus,
  scope: RunScope | null,
  retryOf: string | null,
): Promise<SynchRun> {
  const id = randomUUID()
  const created = em.create(SynchRun, {
    id,
    mappingId: request.mappingId,
    kind: request.kind,
    mode: request.mode,
    direction: request.direction,
    scope,
    status,
    requestedBy: request.requestedBy,
    requestedAt: new Date(),
    workflowId: workflowIdOf(id),
    retryOf,
    coupling: request.coupling ?? null,
    includeUncoupled: request.includeUncoupled ?? false,
    mappingVersion: (await em.findOneOrFail(Mapping, { id: request.mappingId })).version,
  })
  await em.persist(created).flush()
  return created
}
