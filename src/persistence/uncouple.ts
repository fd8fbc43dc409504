import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { passesOf, RunKind, RunStatus } from '../domain/run.js'
import { belongingsOf, dependentCouplings, type Belonging } from './dependents.js'
import { Mapping } from './entities/mapping.js'
import { SynchJob } from './entities/synch-job.js'
import { SynchRun } from './entities/synch-run.js'
import { lockErrorGroups, resolveWhere } from './queries/error-groups.js'
import { lockCommitments } from './queries/intents.js'
import { NO_COUNTS } from './queries/jobs.js'
import { run, sql, texts } from './sql.js'

/** What {@link deleteCouplings} did. */
export interface Uncoupled {
  readonly removed: number
  /** Left as they are: a write of theirs is under way. */
  readonly busy: number
  /** The run that stands in the log for it; null: nothing was removed. */
  readonly runId: string | null
}

/** Couplings of a mapping to remove: by id, or all of them (`ids` null). */
export interface UncouplingOf {
  readonly mappingId: string
  readonly ids: readonly string[] | null
}

/**
 * Delete Couplings, of one mapping or several. The records, the history and the log stay; states and open errors of the couplings go or
 * are resolved. What belongs to the records goes with them: the contacts of a customer. Couplings whose write is under way are left. As many statements for all couplings of a mapping as for one. Returns what was
 * done, by mapping. Must be called inside a transaction that has locked no record yet.
 */
export async function deleteCouplings(
  em: EntityManager,
  groups: readonly UncouplingOf[],
  requestedBy: string,
): Promise<ReadonlyMap<string, Uncoupled>> {
  if (groups.length === 0) return new Map()
  const mappings = await em.find(Mapping, { id: { $in: groups.map(({ mappingId }) => mappingId) } })
  const belongings = await belongingsOf(em, mappings)
  const touched = [...new Set([...mappings, ...belongings.map(({ mapping }) => mapping)])]
  // Whoever commits to a write waits here, so that what is read below stays true until the end.
  await lockCommitments(
    em,
    touched.map(({ connectionId, definition: { localTable, integrationTable } }) => ({
      connectionId,
      localTable,
      integrationTable,
    })),
  )
  await lockErrorGroups(
    em,
    touched.map(({ id }) => id),
  )
  const all = await withDependents(em, groups, belongings)
  const chosen = sql.join(all.map(chosenOf), sql` or `)
  await run(em, sql`select from coupling c where ${chosen} order by c.id for update`)
  await run(
    em,
    sql`select from record_state where id in (
          select s.id from record_state s join coupling c on c.id = s.coupling_id where ${chosen})
        order by id for update`,
  )
  const done = new Map<string, Uncoupled>()
  for (const group of all.toSorted((a, b) => (a.mappingId < b.mappingId ? -1 : 1)))
    done.set(group.mappingId, await uncouple(em, group, requestedBy))
  return done
}

/** What is to be removed, with what belongs to it; one group a mapping. */
async function withDependents(
  em: EntityManager,
  groups: readonly UncouplingOf[],
  belongings: readonly Belonging[],
): Promise<readonly UncouplingOf[]> {
  const all = new Map(groups.map((group) => [group.mappingId, group]))
  for (const belonging of belongings) {
    const { mapping, owner } = belonging
    const group = groups.find(({ mappingId }) => mappingId === owner.id)
    const known = all.get(mapping.id) ?? { mappingId: mapping.id, ids: [] }
    if (group === undefined || known.ids === null) continue
    // What stays, since a write of it is under way, keeps what belongs to it.
    const ids = await dependentCouplings(em, belonging, sql`(${chosenOf(group)} and not ${IN_FLIGHT})`)
    if (ids.length > 0) all.set(mapping.id, { ...known, ids: [...new Set([...known.ids, ...ids])] })
  }
  return [...all.values()]
}

/** A write of the coupling `c` is under way. */
const IN_FLIGHT = sql`exists (select from intent i where i.coupling_id = c.id)`

function chosenOf({ mappingId, ids }: UncouplingOf): RawBuilder<unknown> {
  return ids === null
    ? sql`c.mapping_id = ${mappingId}`
    : sql`(c.mapping_id = ${mappingId} and c.id = any(${texts(ids)}::uuid[]))`
}

async function uncouple(em: EntityManager, group: UncouplingOf, requestedBy: string): Promise<Uncoupled> {
  const { mappingId } = group
  const chosen = chosenOf(group)
  const [busy] = await run<{ count: number }>(
    em,
    sql`select count(*)::integer as count from coupling c where ${chosen} and ${IN_FLIGHT}`,
  )
  const [removed] = await run<{ count: number }>(
    em,
    sql`with removed as (delete from coupling c where ${chosen} and not ${IN_FLIGHT} returning c.id)
        select count(*)::integer as count from removed`,
  )
  const count = removed?.count ?? 0
  if (count === 0) return { removed: 0, busy: busy?.count ?? 0, runId: null }
  await resolveWhere(
    em,
    sql`e.mapping_id = ${mappingId} and e.coupling_id is not null
      and not exists (select from coupling c where c.id = e.coupling_id)`,
    null,
  )
  await run(
    em,
    sql`update integration_table_mapping set couplings_removed_at = clock_timestamp() where id = ${mappingId}`,
  )
  return { removed: count, busy: busy?.count ?? 0, runId: await log(em, mappingId, count, requestedBy) }
}

/** The log row of an uncoupling: a run that is over, as no system is asked for it. */
async function log(
  em: EntityManager,
  mappingId: string,
  uncoupled: number,
  requestedBy: string,
): Promise<string> {
  const mapping = await em.findOneOrFail(Mapping, { id: mappingId })
  const now = new Date()
  const runId = randomUUID()
  const made = em.create(SynchRun, {
    id: runId,
    mappingId,
    kind: RunKind.records,
    mode: 'MODIFIED',
    scope: { kind: 'uncouple', couplingIds: [] },
    status: RunStatus.completed,
    requestedBy,
    requestedAt: now,
    startedAt: now,
    finishedAt: now,
    workflowId: '',
    includeUncoupled: false,
    mappingVersion: mapping.version,
  })
  await em.persist(made).flush()
  const job = em.create(SynchJob, {
    id: randomUUID(),
    runId,
    mappingId,
    direction: passesOf(mapping.direction, null)[0] ?? 'TO_INTEGRATION_TABLE',
    status: RunStatus.completed,
    ...NO_COUNTS,
    uncoupled,
    start: now,
    finish: now,
    clockFall: 0,
    watermarkRevision: 0,
    tokenExpired: false,
  })
  await em.persist(job).flush()
  return runId
}
