import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Resolver, Root, Subscription } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { isFinished } from '../../domain/run.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { SynchRun } from '../../persistence/entities/synch-run.js'
import { openAlerts } from '../alert/alert-rows.js'
import { OpenAlertsType } from '../alert/alert.type.js'
import { gaugesOf } from '../governor/gauges.js'
import { GovernorGaugeType } from '../governor/governor-gauge.type.js'
import type { ApiContext } from '../context.js'
import { CONNECTION_ARGUMENT, NAME_ARGUMENT } from '../descriptions.js'
import { badUserInput } from '../errors.js'
import { parseId } from '../identifiers.js'
import { findByIds } from '../loaders.js'
import { findMapping, findMappingIds } from '../mapping/find-mapping.js'
import { readRun } from '../synch-run/run-engine.js'
import { EVERYTHING, type Changed, type Changes } from './changes.js'
import { openErrorsOf } from './counts.js'
import { follow, type Step } from './follow.js'
import { MappingCountersType, MappingErrorsType, RunProgressType } from './live.type.js'
import { progressOfRun } from './run-progress.js'

/** Every so many milliseconds gauges are read though nobody calls: what is used up leaves the window by time alone. */
const GAUGES_AGAIN = 5_000

/** Open alerts that are told with each change. */
const MOST_ALERTS = 100

/** Milliseconds until what could not be read is tried again. */
const AGAIN_AFTER_FAILURE = 1_000

interface OfMapping {
  readonly mapping?: string | null
  readonly connection?: string | null
}

interface Subscribing<Arguments> {
  readonly args: Arguments
  readonly context: ApiContext
}

/** What changes, as it changes. Each begins with the state as it is, and tells it anew after a time in which something may have been missed. */
@Resolver()
export class LiveResolver {
  @Authorized(Role.viewer)
  @Subscription(() => RunProgressType, {
    description:
      'How far a run is: the one named, to its end, or those of a mapping one after another, beginning with the one under way or else the last. Rows done, rate and time left of each pass.',
    subscribe: ({ args, context }: Subscribing<OfMapping & { readonly runId?: string | null }>) =>
      args.runId === null || args.runId === undefined
        ? runsOfMapping(context, args)
        : oneRun(context, parseId(args.runId, 'runId')),
  })
  async runProgress(
    @Arg('runId', () => ID, { nullable: true, description: 'Either this or `mapping`.' })
    _runId: string | null,
    @Arg('mapping', () => String, { nullable: true, description: NAME_ARGUMENT }) _mapping: string | null,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    _connection: string | null,
    @Root() run: SynchRun,
    @Ctx() context: ApiContext,
  ): Promise<RunProgressType> {
    return progressOfRun(context, run)
  }

  @Authorized(Role.viewer)
  @Subscription(() => [MappingErrorsType], {
    description: 'The open errors of the mappings where they changed; first those of all mappings.',
    subscribe: ({ args, context }: Subscribing<OfMapping>) => changedMappings(context, 'error', args),
  })
  async errorsChanged(
    @Arg('mapping', () => String, { nullable: true, description: `${NAME_ARGUMENT} Left out: all.` })
    _mapping: string | null,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    _connection: string | null,
    @Root() ids: readonly string[],
    @Ctx() { em }: ApiContext,
  ): Promise<readonly MappingErrorsType[]> {
    const [mappings, errors] = [await findByIds(em, Mapping, ids), await openErrorsOf(em, ids)]
    const none = { openErrors: 0, byClass: [], lastSeen: null }
    return mappings.map((mapping) => ({ mapping, ...(errors.get(mapping.id) ?? none) }))
  }

  @Authorized(Role.viewer)
  @Subscription(() => [MappingCountersType], {
    description:
      'Open errors, skipped and pending records and couplings of the mappings where they changed; first those of all mappings.',
    subscribe: ({ args, context }: Subscribing<OfMapping>) => changedMappings(context, 'counters', args),
  })
  async countersChanged(
    @Arg('mapping', () => String, { nullable: true, description: `${NAME_ARGUMENT} Left out: all.` })
    _mapping: string | null,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    _connection: string | null,
    @Root() ids: readonly string[],
    @Ctx() { em }: ApiContext,
  ): Promise<readonly MappingCountersType[]> {
    return (await findByIds(em, Mapping, ids)).map((mapping) => ({ mapping }))
  }

  @Authorized(Role.viewer)
  @Subscription(() => [GovernorGaugeType], {
    description: 'What is used up of the limits of the systems, all of it whenever something of it changed.',
    subscribe: ({ context }: Subscribing<object>) => changedGauges(context),
  })
  governorChanged(@Root() gauges: readonly GovernorGaugeType[]): readonly GovernorGaugeType[] {
    return gauges
  }

  @Authorized(Role.viewer)
  @Subscription(() => OpenAlertsType, {
    description:
      'What is wrong: first as it is, then whenever an alert fires, is acknowledged or has recovered.',
    subscribe: ({ context }: Subscribing<object>) => changedAlerts(context),
  })
  alertsChanged(@Root() open: OpenAlertsType): OpenAlertsType {
    return open
  }
}

@Resolver(() => MappingCountersType)
export class MappingCountersResolver {
  @FieldResolver(() => Int, { description: 'Open errors.' })
  async openErrors(
    @Root() { mapping }: MappingCountersType,
    @Ctx() { loaders }: ApiContext,
  ): Promise<number> {
    return loaders.openErrorCount.load(mapping.id)
  }

  @FieldResolver(() => Int, { description: 'Skipped synch. records: they wait for a person.' })
  async skipped(@Root() { mapping }: MappingCountersType, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.skippedCount.load(mapping.id)
  }

  @FieldResolver(() => Int, { description: 'Records that a run will try again.' })
  async pending(@Root() { mapping }: MappingCountersType, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.pendingCount.load(mapping.id)
  }

  @FieldResolver(() => Int, { description: 'Coupled pairs of records.' })
  async couplings(@Root() { mapping }: MappingCountersType, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.couplingCount.load(mapping.id)
  }
}

async function oneRun(context: ApiContext, runId: string): Promise<AsyncIterable<SynchRun>> {
  await readRun(context, runId)
  const changes = context.events.subscribe(({ topic, runId: id }) =>
    topic === 'run' && id === runId ? id : null,
  )
  return reading(context, changes, async () => {
    const [run] = await findByIds(context.em, SynchRun, [runId])
    return run === undefined ? null : { value: run, last: isFinished(run.status) }
  })
}

async function runsOfMapping(
  context: ApiContext,
  { mapping, connection }: OfMapping,
): Promise<AsyncIterable<SynchRun>> {
  if (mapping === null || mapping === undefined) {
    throw badUserInput([{ argument: 'runId', message: 'Expected the id of a run, or a mapping.' }])
  }
  const { id: mappingId } = await findMapping(context.em, mapping, connection)
  const changes = context.events.subscribe(({ topic, mappingId: id, runId }) =>
    topic === 'run' && id === mappingId ? (runId ?? null) : null,
  )
  return reading(context, changes, async (changed) => {
    const only = changed === EVERYTHING ? {} : { id: { $in: [...changed] } }
    const [run] = await context.em.find(
      SynchRun,
      { mappingId, ...only },
      // RUNNING is the last of the statuses by name; of several the one that was asked for last.
      { orderBy: { status: 'desc', requestedAt: 'desc' }, limit: 1, disableIdentityMap: true },
    )
    return run === undefined ? null : { value: run }
  })
}

async function changedMappings(
  context: ApiContext,
  about: 'error' | 'counters',
  { mapping, connection }: OfMapping,
): Promise<AsyncIterable<readonly string[]>> {
  const named = mapping ?? connection ?? null
  const wanted = named === null ? null : await findMappingIds(context.em, mapping ?? null, connection ?? null)
  const changes = context.events.subscribe(({ topic, mappingId }) =>
    topic === about && mappingId !== undefined && (wanted === null || wanted.includes(mappingId))
      ? mappingId
      : null,
  )
  return reading(context, changes, async (changed) => ({ value: await idsOf(context, changed, wanted) }))
}

async function idsOf(
  { em }: ApiContext,
  changed: Changed,
  wanted: readonly string[] | null,
): Promise<readonly string[]> {
  if (changed !== EVERYTHING) return [...changed]
  return (
    wanted ??
    (await em.find(Mapping, {}, { fields: ['id'], orderBy: { position: 'asc' } })).map(({ id }) => id)
  )
}

function changedGauges(context: ApiContext): AsyncIterable<readonly GovernorGaugeType[]> {
  const changes = context.events.subscribe(({ topic }) => (topic === 'governor' ? topic : null), GAUGES_AGAIN)
  return reading(
    context,
    changes,
    whereOther(() => gaugesOf(context.database)),
  )
}

function changedAlerts(context: ApiContext): AsyncIterable<OpenAlertsType> {
  const changes = context.events.subscribe(({ topic }) => (topic === 'alert' ? topic : null))
  return reading(
    context,
    changes,
    whereOther(() => openAlerts(context.em, MOST_ALERTS)),
  )
}

/** Tells what is read only where it is not what was told last. */
function whereOther<Value>(read: () => Promise<Value>): () => Promise<Step<Value>> {
  let told: string | null = null
  return async () => {
    const value = await read()
    const text = JSON.stringify(value)
    if (text === told) return null
    told = text
    return { value }
  }
}

/** What is read at each change. What cannot be read now is tried again: a subscription outlives a restart of the database. */
function reading<Value>(
  { logger }: ApiContext,
  changes: Changes,
  read: (changed: Changed) => Promise<Step<Value>>,
): AsyncIterableIterator<Value> {
  return follow(changes, async (changed) => {
    try {
      return await read(changed)
    } catch (error) {
      logger.warn({ err: error }, 'What a subscription tells of cannot be read; it is tried again')
      setTimeout(() => changes.missed(), AGAIN_AFTER_FAILURE)
      return null
    }
  })
}
