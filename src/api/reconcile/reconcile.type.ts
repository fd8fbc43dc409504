import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import type { Direction, PassDirection } from '../../domain/mapping.js'
import { ReconciliationStatus, Verdict } from '../../domain/reconcile.js'
import { RepairAction } from '../../domain/reconcile-repair.js'
import type { Value } from '../../domain/value.js'
import { DirectionEnum, graphqlEnum, PassDirectionEnum } from '../enums.js'
import { GraphQLFieldValue } from '../field-value.js'

export const VerdictEnum = graphqlEnum(
  'ReconciliationVerdict',
  Verdict,
  'What a reconciliation says of a pair, or of a record without a partner.',
  {
    EQUAL: "Both sides agree, as far as each can hold the other's value.",
    PENDING: 'They differ by a change that the next run carries.',
    CONFLICT: 'Both sides were changed, and neither an owner nor a policy decides.',
    SKIPPED: 'They differ, and the pair is a skipped synch. record.',
    FAILING: 'They differ, and carrying the change fails.',
    DRIFT: 'They differ, and no run carries it.',
    MISSING_LOCAL: 'The local record is gone.',
    MISSING_INTEGRATION: 'The record of the integration table is gone.',
    MISSING_BOTH: 'Both records are gone; only their coupling is left.',
    FORBIDDEN: 'The integration user may not read a record of the pair.',
    OUT_OF_FILTER: 'A side whose changes are carried lies outside its filter.',
    UNCOUPLED_LOCAL: 'A local record inside the filter that is not coupled.',
    UNCOUPLED_INTEGRATION: 'A record of the integration table inside the filter that is not coupled.',
  },
)

export const ReconciliationStatusEnum = graphqlEnum(
  'ReconciliationStatus',
  ReconciliationStatus,
  'Where a reconciliation stands.',
  {
    RUNNING: 'Under way.',
    COMPLETED: 'All pairs were compared.',
    FAILED: 'It stopped early; its message says why. What it found until then stands.',
    CANCELLED: 'Called off. What it found until then stands.',
  },
)

export const RepairActionEnum = graphqlEnum('RepairAction', RepairAction, 'What a repair does.', {
  SYNCHRONIZE: 'Settles the pair now as a run that looks at it would.',
  WRITE_INTEGRATION: 'The local record gives its whole record.',
  WRITE_LOCAL: 'The record of the integration table gives its whole record.',
  RESTORE: 'The record that is gone is created anew from the one that is left, and coupled.',
  CREATE: 'A partner is created and coupled.',
  COUPLE: 'It is coupled with the record that matches; the next run makes them agree.',
})

@ObjectType('ReconciliationField', { description: 'A field on which a pair does not agree.' })
export class ReconciliationFieldType {
  @Field(() => String, { description: 'Name of the field mapping.' })
  name!: string

  @Field(() => String, { nullable: true, description: 'Null: a constant.' })
  localField!: string | null

  @Field(() => String, { nullable: true, description: 'Null: a constant.' })
  integrationField!: string | null

  @Field(() => String)
  localCaption!: string

  @Field(() => String)
  integrationCaption!: string

  @Field(() => DirectionEnum, { description: 'Of the field mapping.' })
  direction!: Direction

  @Field(() => GraphQLFieldValue, { nullable: true })
  local!: Value

  @Field(() => GraphQLFieldValue, { nullable: true })
  integration!: Value

  @Field(() => Boolean, {
    description: 'Whether the field was synchronized before, so that there is a value last agreed on.',
  })
  hasBase!: boolean

  @Field(() => GraphQLFieldValue, { nullable: true, description: 'As last synchronized.' })
  localBase!: Value

  @Field(() => GraphQLFieldValue, { nullable: true, description: 'As last synchronized.' })
  integrationBase!: Value

  @Field(() => Boolean, { description: 'Changed in the local system since.' })
  localChanged!: boolean

  @Field(() => Boolean, { description: 'Changed in the integration table since.' })
  integrationChanged!: boolean
}

@ObjectType('ReconciliationRecommendation', {
  description: 'What a repair with keep RECOMMENDED would do.',
})
export class RecommendationType {
  @Field(() => RepairActionEnum, { nullable: true, description: 'Null: nothing is recommended.' })
  action!: RepairAction | null

  @Field(() => PassDirectionEnum, { nullable: true })
  direction!: PassDirection | null

  @Field(() => String, { description: 'In words; where nothing is recommended, why.' })
  text!: string
}

@ObjectType('ReconciliationItem', {
  description: 'A pair that is not simply equal, or a record without a partner, as it was when it was read.',
})
export class ReconciliationItemType {
  @Field(() => ID)
  id!: string

  @Field(() => VerdictEnum)
  verdict!: Verdict

  @Field(() => String, { description: 'Why, in a sentence.' })
  reason!: string

  @Field(() => ID, { nullable: true })
  couplingId!: string | null

  @Field(() => ID, { nullable: true })
  localId!: string | null

  @Field(() => ID, { nullable: true })
  integrationId!: string | null

  @Field(() => String, { nullable: true })
  localName!: string | null

  @Field(() => String, { nullable: true })
  integrationName!: string | null

  @Field(() => String, { nullable: true, description: 'The version (ETag) that was read.' })
  localVersion!: string | null

  @Field(() => String, { nullable: true, description: 'The version (ETag) that was read.' })
  integrationVersion!: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'Of a record without a partner: the record of the other side that matches it.',
  })
  partnerId!: string | null

  @Field(() => [ReconciliationFieldType])
  fields!: ReconciliationFieldType[]

  @Field(() => RecommendationType)
  recommended!: RecommendationType
}

@ObjectType('ReconciliationItemConnection', { description: 'One page of a list.' })
export class ReconciliationItemConnection {
  @Field(() => [ReconciliationItemType])
  nodes!: ReconciliationItemType[]

  @Field(() => String, {
    nullable: true,
    description: 'Pass it as `after` to read on. Null on the last page.',
  })
  endCursor!: string | null
}

@ObjectType('ReconciliationCount', { description: 'Pairs, or records without a partner, of one verdict.' })
export class ReconciliationCountType {
  @Field(() => VerdictEnum)
  verdict!: Verdict

  @Field(() => Int)
  count!: number
}

@ObjectType('Reconciliation', {
  description:
    'A comparison of all pairs of a mapping, which writes nothing outside. It runs beside synch. runs; what they do meanwhile is taken into account.',
})
export class ReconciliationType {
  @Field(() => ID)
  id!: string

  @Field(() => ReconciliationStatusEnum)
  status!: ReconciliationStatus

  @Field(() => Int, { description: 'The version of the mapping that it goes by.' })
  mappingVersion!: number

  @Field(() => String)
  requestedBy!: string

  @Field(() => Date)
  requestedAt!: Date

  @Field(() => Date, { nullable: true })
  startedAt?: Date | null

  @Field(() => Date, { nullable: true })
  finishedAt?: Date | null

  @Field(() => Date, { nullable: true, description: 'Since when it waits between two pages.' })
  pausedAt?: Date | null

  @Field(() => String, { nullable: true, description: 'Why it stopped early.' })
  message?: string | null

  @Field(() => Int, { nullable: true, description: 'Couplings there were. Null while it is under way.' })
  pairs?: number | null

  @Field(() => Int, { description: 'Records of the local table that were read, once each.' })
  localRecords!: number

  @Field(() => Int, { description: 'The same of the integration table.' })
  integrationRecords!: number

  @Field(() => Int, {
    description:
      'Pairs that were read by id on both sides, because the tables did not show them to be equal.',
  })
  examined!: number
}

@InputType('ReconciliationItemFilter', { description: 'All that is given must hold.' })
export class ReconciliationItemFilter {
  @Field(() => [VerdictEnum], { nullable: true })
  verdict?: Verdict[] | null

  @Field(() => String, {
    nullable: true,
    description: 'Part of a name or of an id of the two records, without case.',
  })
  text?: string | null

  @Field(() => String, { nullable: true, description: 'Name of a field mapping on which the pair differs.' })
  field?: string | null
}
