import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { CoupleSynchronize } from '../../domain/choice.js'
import { Side } from '../../domain/value.js'
import type { ApiContext } from '../context.js'
import { CONNECTION_ARGUMENT, NAME_ARGUMENT } from '../descriptions.js'
import { SideEnum } from '../enums.js'
import { badUserInput } from '../errors.js'
import { StartsWork } from '../idempotency/starts-work.js'
import { parseIds } from '../identifiers.js'
import { recordIdsOf } from '../record/record-ids.js'
import { findMapping } from '../mapping/find-mapping.js'
import { RunType } from '../synch-run/synch-run.type.js'
import { coupleByMatching } from './couple-by-matching.js'
import { coupleRecords } from './couple-records.js'
import {
  CoupleRecordsResult,
  CoupleSynchronizeEnum,
  CreateRecordResult,
  DeletedCouplingsType,
  RepairedCouplingsType,
  type RecordCreatedType,
  type RecordNotCreatedType,
  type RecordsCoupledType,
  type RecordsNotCoupledType,
} from './coupling-change.type.js'
import { createRecords } from './create-records.js'
import { deleteCouplings, deleteCouplingsOfMapping } from './delete-couplings.js'
import { repairCouplings } from './repair-couplings.js'

/** Couplings are made and removed. What touches records is a run; this side of it only asks. */
@Resolver()
export class CouplingChangeResolver {
  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => CoupleRecordsResult, {
    description:
      'Set Up Coupling: couples two records, whatever the match rules say, and synchronizes them where asked; waits up to 25 seconds. A record has one partner: where one of them is coupled already nothing is done, unless `recouple` says that its coupling gives way.',
  })
  async coupleRecords(
    @Arg('mapping', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('localId', () => ID, { description: 'Id of the local record.' }) localId: string,
    @Arg('integrationId', () => ID, { description: 'Id of the record of the integration table.' })
    integrationId: string,
    @Arg('synchronize', () => CoupleSynchronizeEnum, { defaultValue: CoupleSynchronize.none })
    synchronize: CoupleSynchronize,
    @Arg('recouple', () => Boolean, {
      defaultValue: false,
      description: 'Removes the couplings that either record has, in the same step.',
    })
    recouple: boolean,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<RecordsCoupledType | RecordsNotCoupledType> {
    const mapping = await findMapping(context.em, name, connection)
    const ids = await recordIdsOf(context.em, mapping)
    return coupleRecords(context, mapping, {
      localId: ids.one(Side.local, localId, 'localId'),
      integrationId: ids.one(Side.integration, integrationId, 'integrationId'),
      synchronize,
      recouple,
    })
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => [CreateRecordResult], {
    description:
      'Create New: creates partners on the other side for records that are not coupled, whatever Synch. Only Coupled Records says; waits up to 25 seconds. Never beside a record that matches, unless `evenIfMatched`. One result per id.',
  })
  async createRecords(
    @Arg('mapping', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('side', () => SideEnum, { description: 'The side of the records given.' }) side: Side,
    @Arg('ids', () => [ID]) ids: string[],
    @Arg('evenIfMatched', () => Boolean, { defaultValue: false }) evenIfMatched: boolean,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<readonly (RecordCreatedType | RecordNotCreatedType)[]> {
    const mapping = await findMapping(context.em, name, connection)
    const read = await recordIdsOf(context.em, mapping)
    return createRecords(context, mapping, { side, ids: read.many(side, ids, 'ids'), evenIfMatched })
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => RunType, {
    description:
      'Match-based coupling: couples every uncoupled record with the one free record that matches it. What is ambiguous or has no match has an integration synch. error each. Look before with planMapping(mode: COUPLE). Ask synchRun(id) until it has ended.',
  })
  async coupleByMatching(
    @Arg('mapping', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('createNew', () => Boolean, {
      nullable: true,
      description:
        'Create New in Case of No Match; never beside an ambiguous one. Left out: as the mapping says.',
    })
    createNew: boolean | null | undefined,
    @Arg('synchronizeAfterwards', () => Boolean, {
      nullable: true,
      description:
        'Synch. After Match-Based Coupling: in the same run, differences as Resolve Update Conflicts says. Without it the next run compares the records. Left out: as the mapping says.',
    })
    synchronizeAfterwards: boolean | null | undefined,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<RunType> {
    const mapping = await findMapping(context.em, name, connection)
    return coupleByMatching(context, mapping, {
      createNew: createNew ?? null,
      synchronizeAfterwards: synchronizeAfterwards ?? null,
    })
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => DeletedCouplingsType, {
    description:
      'Delete Couplings: by id, or all of a mapping (`confirm` is needed). Couplings of records that belong to theirs go with them: those of the contacts of a customer. The records in both systems, the history and the log stay.',
  })
  async deleteCouplings(
    @Arg('ids', () => [ID], { nullable: true, description: 'Ids of couplings.' })
    ids: string[] | null | undefined,
    @Arg('mapping', () => String, { nullable: true, description: 'In place of ids: all of this mapping.' })
    name: string | null | undefined,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Arg('confirm', () => Boolean, { defaultValue: false }) confirm: boolean,
    @Ctx() context: ApiContext,
  ): Promise<DeletedCouplingsType> {
    const [given, named] = [ids ?? null, name ?? null]
    if ((given === null) === (named === null)) {
      throw badUserInput([{ argument: 'ids', message: 'Expected either ids or a mapping.' }])
    }
    if (given !== null) return deleteCouplings(context, parseIds(given, 'ids'))
    const mapping = await findMapping(context.em, named ?? '', connection)
    return deleteCouplingsOfMapping(context, mapping, confirm)
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => RepairedCouplingsType, {
    description:
      'Repairs couplings of which one record is gone: the one that is left is coupled with the one free record that matches it, such as one that was restored under another id. What has no such match stays as it is. Waits up to 25 seconds.',
  })
  async repairCouplings(
    @Arg('mapping', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('ids', () => [ID], {
      nullable: true,
      description:
        'Ids of couplings. Left out: all that are known to lack a record (findDeletedRecords searches for more).',
    })
    ids: string[] | null | undefined,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<RepairedCouplingsType> {
    const mapping = await findMapping(context.em, name, connection)
    return repairCouplings(context, mapping, ids ? parseIds(ids, 'ids') : null)
  }
}
