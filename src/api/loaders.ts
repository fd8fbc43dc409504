import type { EntityManager, EntityName } from '@mikro-orm/postgresql'
import DataLoader from 'dataloader'
import { lastChecks } from '../persistence/connection-checks.js'
import { ConnectionCheck } from '../persistence/entities/connection-check.js'
import { Connection } from '../persistence/entities/connection.js'
import { CouplingRecord } from '../persistence/entities/coupling.js'
import { Mapping } from '../persistence/entities/mapping.js'
import { RecordResult } from '../persistence/entities/record-result.js'
import { RecordState } from '../persistence/entities/record-state.js'
import { SynchError } from '../persistence/entities/synch-error.js'
import { SynchJob } from '../persistence/entities/synch-job.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { mappingRows } from '../persistence/mapping-rows.js'
import { rowsByIds } from '../persistence/read-rows.js'
import { recentOf, type Recent } from './recent.js'
import { RecentById } from './relation.js'
import { errorGroupLoaders, type ErrorGroupLoaders } from './error-group/error-group.loaders.js'
import { deskLoaders, type DeskLoaders } from './desk/desk.loaders.js'
import { alertLoaders, type AlertLoaders } from './alert/alert-rows.js'
import { historyLoaders, type HistoryLoaders } from './history/history.loaders.js'
import { mappingLoaders, type MappingLoaders } from './mapping/mapping.loaders.js'

export type ById<Row> = DataLoader<string, Row | null>
export type ManyById<Row> = DataLoader<string, readonly Row[]>

/** Relations, each read in one statement for all rows of a list. They batch and do not cache: a mutation shows at once. Mappings and
 * connections are kept for a second, by the rules of {@link Recent}. */
export interface Loaders
  extends AlertLoaders, MappingLoaders, HistoryLoaders, ErrorGroupLoaders, DeskLoaders {
  readonly connection: RecentById<Connection>
  /** By connection. */
  readonly lastCheck: ById<ConnectionCheck>
  readonly mapping: RecentById<Mapping>
  readonly coupling: ById<CouplingRecord>
  readonly run: ById<SynchRun>
  readonly job: ById<SynchJob>
  readonly error: ById<SynchError>
  readonly recordState: ById<RecordState>
  readonly stateOfCoupling: ById<RecordState>
  readonly jobsOfRun: ManyById<SynchJob>
  readonly resultsOfRun: ManyById<RecordResult>
  readonly openErrorsOfCoupling: ManyById<SynchError>
}

export function createLoaders(em: EntityManager, recent: Recent = recentOf(em)): Loaders {
  return {
    ...alertLoaders(em),
    ...mappingLoaders(em),
    ...historyLoaders(em),
    ...errorGroupLoaders(em),
    ...deskLoaders(em),
    connection: new RecentById(recent, recent.connections, byId(em, Connection)),
    lastCheck: batched(async (ids) => {
      const rows = await lastChecks(em, ids)
      return new Map(rows.map((row) => [row.connectionId, row]))
    }, null),
    mapping: new RecentById(
      recent,
      recent.mappings,
      batched(async (ids) => new Map((await mappingRows(em, ids)).map((row) => [row.id, row])), null),
    ),
    coupling: byId(em, CouplingRecord),
    run: byId(em, SynchRun),
    job: byId(em, SynchJob),
    error: byId(em, SynchError),
    recordState: byId(em, RecordState),
    stateOfCoupling: batched(async (ids) => {
      const rows = await em.find(RecordState, { couplingId: { $in: ids } }, { disableIdentityMap: true })
      return new Map(rows.map((row) => [row.couplingId ?? '', row]))
    }, null),
    jobsOfRun: batched(async (ids) => {
      const rows = await em.find(
        SynchJob,
        { runId: { $in: ids } },
        // To before From, as they are run: T sorts after F.
        { disableIdentityMap: true, orderBy: { direction: 'desc' } },
      )
      return grouped(rows, (row) => row.runId)
    }, []),
    resultsOfRun: batched(async (ids) => {
      const rows = await em.find(
        RecordResult,
        { runId: { $in: ids } },
        { disableIdentityMap: true, orderBy: { couplingId: 'asc' } },
      )
      return grouped(rows, (row) => row.runId)
    }, []),
    openErrorsOfCoupling: batched(async (ids) => {
      const rows = await em.find(
        SynchError,
        { recordKey: { $in: ids }, resolvedAt: null },
        { disableIdentityMap: true, orderBy: { lastSeen: 'desc' } },
      )
      return grouped(rows, (row) => row.recordKey)
    }, []),
  }
}

/** A loader that asks once per tick for all keys; a key that is not answered gets `missing`. */
export function batched<Value, Missing>(
  load: (keys: string[]) => Promise<ReadonlyMap<string, Value>>,
  missing: Missing,
): DataLoader<string, Value | Missing> {
  return new DataLoader<string, Value | Missing>(
    async (keys) => {
      const found = await load([...new Set(keys)])
      return keys.map((key) => found.get(key) ?? missing)
    },
    { cache: false },
  )
}

export function grouped<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group === undefined) groups.set(keyOf(row), [row])
    else group.push(row)
  }
  return groups
}

/** Rows by id, each read afresh: what a transaction of this request has changed shows. */
export async function findByIds<Row extends { id: string }>(
  em: EntityManager,
  entity: EntityName<Row>,
  ids: readonly string[],
): Promise<readonly Row[]> {
  return rowsByIds(em, entity, ids)
}

function byId<Row extends { id: string }>(em: EntityManager, entity: EntityName<Row>): ById<Row> {
  return batched(async (ids) => new Map((await findByIds(em, entity, ids)).map((row) => [row.id, row])), null)
}
