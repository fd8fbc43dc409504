import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql'
import type { PassDirection } from '../../domain/mapping.js'
import type { RecordResultOutcome, RunKind, RunMode, RunStatus } from '../../domain/run.js'
import {
  PassDirectionEnum,
  RecordResultOutcomeEnum,
  RunKindEnum,
  RunModeEnum,
  RunStatusEnum,
} from '../enums.js'
import { ConflictFieldType, ConflictStampsType, RecordVersionsType } from '../record/conflict.type.js'

@ObjectType('RecordResult', { description: 'What a run over chosen records did with one of them.' })
export class RecordResultType {
  @Field(() => ID, { nullable: true, description: 'Null: the records are not coupled.' })
  couplingId?: string | null

  @Field(() => ID, { nullable: true, description: 'Id of the local record, where it is known.' })
  localId?: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'Id of the record of the integration table, where it is known.',
  })
  integrationId?: string | null

  @Field(() => RecordResultOutcomeEnum)
  outcome!: RecordResultOutcome

  @Field(() => String, { nullable: true })
  message?: string | null
}

@ObjectType('SynchRun', { description: 'The passes of one mapping, carried out by one workflow.' })
export class RunType {
  @Field(() => ID)
  id!: string

  @Field(() => RunKindEnum)
  kind!: RunKind

  @Field(() => RunModeEnum)
  mode!: RunMode

  @Field(() => PassDirectionEnum, {
    nullable: true,
    description: 'The only direction asked for. Null: as the mapping says.',
  })
  direction?: PassDirection | null

  @Field(() => RunStatusEnum)
  status!: RunStatus

  @Field(() => String, { description: 'Who asked: schedule, API, or the command line.' })
  requestedBy!: string

  @Field(() => Date)
  requestedAt!: Date

  @Field(() => Date, { nullable: true })
  startedAt?: Date | null

  @Field(() => Date, { nullable: true })
  finishedAt?: Date | null

  @Field(() => Date, { nullable: true, description: 'Since when it waits between two pages.' })
  pausedAt?: Date | null

  @Field(() => Boolean, {
    description:
      'Records without a partner are created, whatever Synch. Only Coupled Records says: part of a full synchronisation.',
  })
  includeUncoupled!: boolean

  @Field(() => String, { nullable: true, description: 'What stopped it, if it did not complete.' })
  message?: string | null

  @Field(() => Int, {
    description: 'The version of the mapping that it carries out; integrationTableMappingVersions shows it.',
  })
  mappingVersion!: number

  @Field(() => String, { description: "Id of the run's workflow in Temporal." })
  workflowId!: string
}

@ObjectType('DestinationChanged', {
  description:
    'Nothing was written: the destination was changed since the records were last synchronized, or since they were looked at. Synchronize again with `overwrite: true`, or the other way round.',
})
export class DestinationChangedType {
  @Field(() => ID)
  couplingId!: string

  @Field(() => String, { nullable: true, description: 'What happened, and what to do about it.' })
  message!: string

  @Field(() => RecordVersionsType, { description: 'The versions as they are now.' })
  versions!: RecordVersionsType

  @Field(() => ConflictStampsType)
  stamps!: ConflictStampsType

  @Field(() => [ConflictFieldType])
  fields!: readonly ConflictFieldType[]

  /** The run that looked. */
  runId!: string

  constructor(values: DestinationChangedType) {
    Object.assign(this, values)
  }
}

/** Fields of one name are of one type in both members, so that a client may ask for them side by side. */
export const SynchronizeRecordResult = createUnionType({
  name: 'SynchronizeRecordResult',
  description: 'The run that synchronized the record, or why nothing was written.',
  types: () => [RunType, DestinationChangedType] as const,
  resolveType: (value) => (value instanceof DestinationChangedType ? DestinationChangedType : RunType),
})
