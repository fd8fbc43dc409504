import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { otherSide, Side } from '../../domain/value.js'
import { reasonOf } from '../../domain/write.js'
import type { CouplingRecord } from '../../persistence/entities/coupling.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { RecordWrite } from '../../persistence/entities/record-write.js'
import type { SynchJob } from '../../persistence/entities/synch-job.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import type { ApiContext } from '../context.js'
import { CouplingType } from '../coupling/coupling.type.js'
import { AFTER_ARGUMENT, FIRST_ARGUMENT } from '../descriptions.js'
import { apiError, ErrorCode } from '../errors.js'
import { parseId } from '../identifiers.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import type { Soon } from '../relation.js'
import type { Page } from '../paging/connection.type.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { loadReference } from '../record/record-reference.js'
import { RecordReferenceType } from '../record/record-reference.type.js'
import { JobType } from '../synch-job/synch-job.type.js'
import { RunType } from '../synch-run/synch-run.type.js'
import { captionsOf } from './captions.js'
import { listWrites, writesOfPair, writesOfRun } from './list-writes.js'
import { RecordWriteFilter, RecordWriteOrder, RecordWriteOrderEnum } from './record-write.input.js'
import { RecordWriteConnection, RecordWriteType, WrittenFieldType } from './record-write.type.js'

@Resolver(() => RecordWriteType)
export class RecordWriteResolver {
  @Authorized(Role.viewer)
  @Query(() => RecordWriteType, { nullable: true, description: 'One write. NOT_FOUND if there is none.' })
  async recordWrite(@Arg('id', () => ID) id: string, @Ctx() { em }: ApiContext): Promise<RecordWriteType> {
    const found = await em.findOne(RecordWrite, { id: parseId(id, 'id') }, { disableIdentityMap: true })
    if (found === null) {
      throw apiError(ErrorCode.notFound, `There is no write ${id}; it may be older than the history is kept.`)
    }
    return found
  }

  @Authorized(Role.viewer)
  @Query(() => RecordWriteConnection, {
    description: 'Every write of Accord, kept for ACCORD_HISTORY_DAYS.',
  })
  async recordWrites(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Arg('filter', () => RecordWriteFilter, { nullable: true }) filter: RecordWriteFilter | null,
    @Arg('orderBy', () => RecordWriteOrderEnum, { defaultValue: RecordWriteOrder.timeDesc })
    order: RecordWriteOrder,
    @Ctx() { em }: ApiContext,
  ): Promise<Page<RecordWriteType>> {
    return listWrites(em, filter, { first, after, order })
  }

  @FieldResolver(() => IntegrationTableMappingType)
  mapping(@Root() write: RecordWrite, @Ctx() { loaders }: ApiContext): Soon<Mapping | null> {
    return loaders.mapping.get(write.mappingId)
  }

  @FieldResolver(() => RunType, { nullable: true, description: 'Null where the run was deleted.' })
  async run(@Root() write: RecordWrite, @Ctx() { loaders }: ApiContext): Promise<SynchRun | null> {
    return write.runId ? loaders.run.load(write.runId) : null
  }

  @FieldResolver(() => JobType, { nullable: true })
  async job(@Root() write: RecordWrite, @Ctx() { loaders }: ApiContext): Promise<SynchJob | null> {
    return write.jobId ? loaders.job.load(write.jobId) : null
  }

  @FieldResolver(() => CouplingType, { nullable: true, description: 'Null where it was removed since.' })
  async coupling(@Root() write: RecordWrite, @Ctx() { loaders }: ApiContext): Promise<CouplingRecord | null> {
    return write.couplingId ? loaders.coupling.load(write.couplingId) : null
  }

  @FieldResolver(() => String, { description: 'Why it was written, in words.' })
  reason(@Root() write: RecordWrite): string {
    return reasonOf(write.decisionRow)
  }

  @FieldResolver(() => RecordReferenceType, {
    nullable: true,
    description: 'The record that was written. Its version and stamp are not those of now.',
  })
  record(@Root() write: RecordWrite, @Ctx() { loaders }: ApiContext): Soon<RecordReferenceType | null> {
    return loadReference(loaders, write.mappingId, write.side, known(write, write.side))
  }

  @FieldResolver(() => RecordReferenceType, {
    nullable: true,
    description: 'The other record of the pair, from which the values came.',
  })
  otherRecord(@Root() write: RecordWrite, @Ctx() { loaders }: ApiContext): Soon<RecordReferenceType | null> {
    const side = otherSide(write.side)
    return loadReference(loaders, write.mappingId, side, known(write, side))
  }

  @FieldResolver(() => RunType, {
    nullable: true,
    description: 'The latest run that undid it. Null: it stands.',
  })
  async undoneBy(@Root() write: RecordWrite, @Ctx() { loaders }: ApiContext): Promise<SynchRun | null> {
    const runId = await loaders.undoOfWrite.load(write.id)
    return runId === null ? null : loaders.run.load(runId)
  }

  @FieldResolver(() => [WrittenFieldType], {
    description: 'What was written; of a deletion, what the record held.',
  })
  async fields(@Root() write: RecordWrite, @Ctx() { loaders }: ApiContext): Promise<WrittenFieldType[]> {
    const caption = await captionsOf(loaders, write.mappingId, write.side)
    return write.written().map(({ field, before, after, lost }) => ({
      field,
      caption: caption(field),
      before: before === null ? null : String(before),
      after: after === null ? null : String(after),
      lost,
    }))
  }
}

/** The writes of a pair. */
@Resolver(() => CouplingType)
export class CouplingWritesResolver {
  @FieldResolver(() => RecordWriteConnection, {
    description: 'What Accord has written to its two records, newest first.',
  })
  async writes(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Root() coupling: CouplingRecord,
    @Ctx() { em }: ApiContext,
  ): Promise<Page<RecordWriteType>> {
    return writesOfPair(em, coupling, { first, after, order: RecordWriteOrder.timeDesc })
  }
}

/** The writes of a run. */
@Resolver(() => RunType)
export class RunWritesResolver {
  @FieldResolver(() => RecordWriteConnection, { description: 'What the run has written, newest first.' })
  async writes(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Root() run: SynchRun,
    @Ctx() { em }: ApiContext,
  ): Promise<Page<RecordWriteType>> {
    return writesOfRun(em, run.id, { first, after, order: RecordWriteOrder.timeDesc })
  }
}

function known(write: RecordWrite, side: Side) {
  const name = side === Side.local ? write.localName : write.integrationName
  return { id: write.idOn(side), name: name ?? null }
}
