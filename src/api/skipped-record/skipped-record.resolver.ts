import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { ErrorClass } from '../../domain/failure.js'
import { RecordStatus } from '../../domain/run.js'
import { Side } from '../../domain/value.js'
import type { CouplingRecord } from '../../persistence/entities/coupling.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { RecordState } from '../../persistence/entities/record-state.js'
import type { SynchError } from '../../persistence/entities/synch-error.js'
import type { ApiContext } from '../context.js'
import { CouplingType } from '../coupling/coupling.type.js'
import { AFTER_ARGUMENT, FIRST_ARGUMENT } from '../descriptions.js'
import { ErrorClassEnum, SideEnum } from '../enums.js'
import { apiError, ErrorCode } from '../errors.js'
import { StartsWork } from '../idempotency/starts-work.js'
import { parseId, parseIds } from '../identifiers.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import type { Soon } from '../relation.js'
import type { Page } from '../paging/connection.type.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { conflictDetail } from '../record/conflict.js'
import { ConflictDetailType } from '../record/conflict.type.js'
import { coupledRecord, loadReference, loadTable } from '../record/record-reference.js'
import { RecordReferenceType } from '../record/record-reference.type.js'
import { SynchErrorType } from '../synch-error/synch-error.type.js'
import { RunType } from '../synch-run/synch-run.type.js'
import { listSkipped } from './list-skipped.js'
import { readChoices, readIds } from './read-choices.js'
import { ResolveSkippedSynchRecordResult, type ResolveResult } from './resolve-result.type.js'
import { resolveSkipped } from './resolve-skipped.js'
import { retryAllSkipped, retrySkipped } from './retry-skipped.js'
import { settleSkipped, SkippedActionEnum, type SkippedAction } from './settle-skipped.js'
import { skipMessage } from './skip-message.js'
import {
  FieldChoiceInput,
  SeenSkippedRecordInput,
  SkippedRecordChoiceInput,
  SkippedRecordFilter,
  SkippedRecordOrder,
  SkippedRecordOrderEnum,
} from './skipped-record.input.js'
import {
  RetryAllResultType,
  SkippedSynchRecordConnection,
  SkippedSynchRecordType,
} from './skipped-record.type.js'

@Resolver(() => SkippedSynchRecordType)
export class SkippedRecordResolver {
  @Authorized(Role.viewer)
  @Query(() => SkippedSynchRecordType, {
    nullable: true,
    description: 'One record that waits for a person. NOT_FOUND if it is not skipped (any more).',
  })
  async skippedSynchRecord(
    @Arg('id', () => ID) id: string,
    @Ctx() { em }: ApiContext,
  ): Promise<SkippedSynchRecordType> {
    const found = await em.findOne(
      RecordState,
      { id: parseId(id, 'id'), state: RecordStatus.skipped },
      { disableIdentityMap: true },
    )
    if (found === null) {
      throw apiError(
        ErrorCode.notFound,
        `There is no skipped synch. record ${id}; it may have been settled meanwhile.`,
      )
    }
    return found
  }

  @Authorized(Role.viewer)
  @Query(() => SkippedSynchRecordConnection, { description: 'The records that wait for a person.' })
  async skippedSynchRecords(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Arg('filter', () => SkippedRecordFilter, { nullable: true }) filter: SkippedRecordFilter | null,
    @Arg('orderBy', () => SkippedRecordOrderEnum, { defaultValue: SkippedRecordOrder.timeDesc })
    order: SkippedRecordOrder,
    @Ctx() { em }: ApiContext,
  ): Promise<Page<SkippedSynchRecordType>> {
    return listSkipped(em, filter, { first, after, order })
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => [ResolveSkippedSynchRecordResult], {
    description:
      'Keeps the changes of one side, merges, or keeps field by field those of either side or a value of your own, and synchronizes again; waits up to 25 seconds. All alike: `ids` or `filter` with `keep`, `merge` or `fields`; one by one: `choices`. A choice is bound to the versions that were looked at: those given, else those recorded with the conflict. One result per record, in the order of the ids.',
  })
  async resolveSkippedSynchRecords(
    @Arg('ids', () => [ID], { nullable: true }) ids: string[] | null | undefined,
    @Arg('keep', () => SideEnum, { nullable: true, description: 'The side whose changes are kept.' })
    keep: Side | null | undefined,
    @Arg('merge', () => Boolean, {
      nullable: true,
      description:
        'In place of keep: each side keeps what it alone changed. What both sides changed stays a conflict, unless its field has an owner.',
    })
    merge: boolean | null | undefined,
    @Arg('fields', () => [FieldChoiceInput], {
      nullable: true,
      description: 'In place of keep. A field that is not named keeps what one side alone changed.',
    })
    fields: FieldChoiceInput[] | null | undefined,
    @Arg('filter', () => SkippedRecordFilter, {
      nullable: true,
      description: 'In place of ids: all that it lets in, at most 5,000.',
    })
    filter: SkippedRecordFilter | null | undefined,
    @Arg('choices', () => [SkippedRecordChoiceInput], { nullable: true, description: 'One by one.' })
    choices: SkippedRecordChoiceInput[] | null | undefined,
    @Arg('seenVersions', () => [SeenSkippedRecordInput], { nullable: true })
    seenVersions: SeenSkippedRecordInput[] | null | undefined,
    @Ctx() context: ApiContext,
  ): Promise<readonly ResolveResult[]> {
    const chosen = await readChoices(context, {
      ids: ids ?? null,
      filter: filter ?? null,
      keep: keep ?? null,
      merge: merge ?? false,
      fields: fields ?? null,
      choices: choices ?? null,
    })
    return resolveSkipped(context, chosen, seenVersions ?? [])
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => [RunType], {
    description:
      'Lifts the skips and tries the records again: one run per mapping. A conflict that still stands is skipped again.',
  })
  async retrySkippedSynchRecords(
    @Arg('ids', () => [ID]) ids: string[],
    @Ctx() context: ApiContext,
  ): Promise<readonly RunType[]> {
    return retrySkipped(context, parseIds(ids, 'ids'))
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => RetryAllResultType, {
    description:
      'Retry All: lifts every skip that the filter lets in, without a filter every one there is, and tries the records again: one run per mapping. A conflict that still stands is skipped again.',
  })
  async retryAllSkippedSynchRecords(
    @Arg('filter', () => SkippedRecordFilter, { nullable: true }) filter: SkippedRecordFilter | null,
    @Ctx() context: ApiContext,
  ): Promise<RetryAllResultType> {
    const { restored, runs } = await retryAllSkipped(context, filter ?? {})
    const message =
      restored === 1
        ? 'The record has been restored for synchronization.'
        : `${restored} records have been restored for synchronization.`
    return { restored, runs, message }
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => [ResolveSkippedSynchRecordResult], {
    description:
      'Does one thing with skipped synch. records besides choosing values: retries, restores or deletes records, deletes couplings; waits up to 25 seconds. Of `ids`, or of all that `filter` lets in, at most 5,000. One result per record, in the order of the ids. To give a record another partner, use coupleRecords with recouple: true.',
  })
  async settleSkippedSynchRecords(
    @Arg('action', () => SkippedActionEnum) action: SkippedAction,
    @Arg('ids', () => [ID], { nullable: true }) ids: string[] | null | undefined,
    @Arg('filter', () => SkippedRecordFilter, { nullable: true, description: 'In place of ids.' })
    filter: SkippedRecordFilter | null | undefined,
    @Arg('seenVersions', () => [SeenSkippedRecordInput], {
      nullable: true,
      description:
        'The versions that were looked at, null of a record that is gone; what stands otherwise is left alone. RETRY decides on what stands then.',
    })
    seenVersions: SeenSkippedRecordInput[] | null | undefined,
    @Ctx() context: ApiContext,
  ): Promise<readonly ResolveResult[]> {
    return settleSkipped(
      context,
      action,
      await readIds(context, ids ?? null, filter ?? null),
      seenVersions ?? [],
    )
  }

  @FieldResolver(() => IntegrationTableMappingType)
  mapping(@Root() state: RecordState, @Ctx() { loaders }: ApiContext): Soon<Mapping | null> {
    return loaders.mapping.get(state.mappingId)
  }

  @FieldResolver(() => CouplingType, {
    nullable: true,
    description: 'Null for a record that is not coupled.',
  })
  async coupling(@Root() state: RecordState, @Ctx() { loaders }: ApiContext): Promise<CouplingRecord | null> {
    return state.couplingId ? loaders.coupling.load(state.couplingId) : null
  }

  @FieldResolver(() => RecordReferenceType, {
    description: 'The record that was the source when it was skipped.',
  })
  async record(
    @Root() state: RecordState,
    @Ctx() { loaders }: ApiContext,
  ): Promise<RecordReferenceType | null> {
    const error = state.errorId ? await loaders.error.load(state.errorId) : null
    const known = error?.sourceSide === state.side ? (error.sourceName ?? null) : null
    // Of a record that is gone the coupling still has the name.
    const coupling = known === null && state.couplingId ? await loaders.coupling.load(state.couplingId) : null
    const name = known ?? (coupling === null ? null : coupledRecord(coupling, state.side).name)
    return loadReference(loaders, state.mappingId, state.side, { id: state.recordId, name })
  }

  @FieldResolver(() => ErrorClassEnum, { description: 'Why it is skipped.' })
  errorClass(@Root() state: RecordState): ErrorClass {
    return (
      Object.values(ErrorClass).find((errorClass) => errorClass === state.reason) ?? ErrorClass.unexpected
    )
  }

  @FieldResolver(() => String, { description: 'Why it is skipped, in words.' })
  async message(@Root() state: RecordState, @Ctx() { loaders }: ApiContext): Promise<string | null> {
    const error = state.errorId ? await loaders.error.load(state.errorId) : null
    if (error !== null) return error.message
    const mapping = await loaders.mapping.load(state.mappingId)
    const connection = mapping === null ? null : await loaders.connection.load(mapping.connectionId)
    if (mapping === null || connection === null) return null
    return skipMessage(state, {
      [Side.local]: await loadTable(loaders, mapping, connection, Side.local),
      [Side.integration]: await loadTable(loaders, mapping, connection, Side.integration),
    })
  }

  @FieldResolver(() => Date)
  skippedAt(@Root() state: RecordState): Date {
    return state.changedAt
  }

  @FieldResolver(() => ConflictDetailType, {
    nullable: true,
    description: 'Of a conflict: what was known when it was found.',
  })
  conflict(@Root() state: RecordState): ConflictDetailType | null {
    return state.detail ? conflictDetail(state.detail) : null
  }

  @FieldResolver(() => SynchErrorType, {
    nullable: true,
    description: 'Null where its entry in the log was purged.',
  })
  async error(@Root() state: RecordState, @Ctx() { loaders }: ApiContext): Promise<SynchError | null> {
    return state.errorId ? loaders.error.load(state.errorId) : null
  }
}
