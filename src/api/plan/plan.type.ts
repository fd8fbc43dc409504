import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { PlanAction } from '../../domain/plan.js'
import type { PassDirection } from '../../domain/mapping.js'
import type { ErrorClass } from '../../domain/failure.js'
import type { RunMode, RunStatus } from '../../domain/run.js'
import type { Side } from '../../domain/value.js'
import {
  ErrorClassEnum,
  graphqlEnum,
  PassDirectionEnum,
  RunModeEnum,
  RunStatusEnum,
  SideEnum,
} from '../enums.js'

export const PlanActionEnum = graphqlEnum('PlanAction', PlanAction, 'What a run would do with a record.', {
  CREATE: 'Create it on the other side, or create a deleted one anew, and couple it.',
  UPDATE: 'Write fields of one or both records.',
  DELETE: 'Delete the record that is left of a pair.',
  COUPLE: 'Couple it with its match; both agree already.',
  UNCOUPLE: 'Remove the coupling.',
  CONFLICT: 'Nothing: a person has to decide.',
  FAIL: 'Nothing: it would fail.',
  SKIP: 'Nothing: it is skipped.',
})

const LOOKUP_NAME =
  'Of a lookup: what people call the record that it leads to. Null where that record is not coupled, and of other fields.'

@ObjectType('PlannedChange', { description: 'One field that would be written.' })
export class PlannedChangeType {
  @Field(() => SideEnum)
  side!: Side

  @Field(() => String, { description: 'By its name in that system.' })
  field!: string

  @Field(() => String)
  caption!: string

  @Field(() => String, { nullable: true, description: 'Null is blank. Decimals are decimal strings.' })
  before!: string | null

  @Field(() => String, { nullable: true, description: 'Null is blank. Decimals are decimal strings.' })
  after!: string | null

  @Field(() => String, { nullable: true, description: LOOKUP_NAME })
  beforeName!: string | null

  @Field(() => String, { nullable: true, description: LOOKUP_NAME })
  afterName!: string | null
}

@ObjectType('PlannedFailure', { description: 'Why nothing would be written.' })
export class PlannedFailureType {
  @Field(() => ErrorClassEnum)
  errorClass!: ErrorClass

  @Field(() => String)
  message!: string

  @Field(() => String)
  cause!: string

  @Field(() => String)
  remedy!: string
}

@ObjectType('PlanItem', { description: 'One record of a plan.' })
export class PlanItemType {
  @Field(() => Int, { description: 'Place within the plan.' })
  number!: number

  @Field(() => PlanActionEnum)
  action!: PlanAction

  @Field(() => PassDirectionEnum)
  direction!: PassDirection

  @Field(() => String, { description: 'Row of the decision table (SPEC.md).' })
  decisionRow!: string

  @Field(() => ID, {
    nullable: true,
    description: 'Id of the local record; null where it would be created.',
  })
  localId!: string | null

  @Field(() => ID, { nullable: true })
  integrationId!: string | null

  @Field(() => String, { nullable: true })
  localName!: string | null

  @Field(() => String, { nullable: true })
  integrationName!: string | null

  @Field(() => ID, { nullable: true })
  couplingId!: string | null

  @Field(() => Boolean, { description: 'The match rules found its partner: it would be coupled as well.' })
  couples!: boolean

  @Field(() => [PlannedChangeType])
  changes!: PlannedChangeType[]

  @Field(() => PlannedFailureType, { nullable: true })
  failure!: PlannedFailureType | null

  @Field(() => Boolean, {
    description: 'Applying the plan left it alone: it was no longer as it was planned.',
  })
  refused!: boolean
}

@ObjectType('PlanItemConnection', { description: 'One page of a list.' })
export class PlanItemConnection {
  @Field(() => [PlanItemType])
  nodes!: PlanItemType[]

  @Field(() => String, {
    nullable: true,
    description: 'Pass it as `after` to read on. Null on the last page.',
  })
  endCursor!: string | null
}

@ObjectType('PlanCount', { description: 'Records of a plan with one action.' })
export class PlanCountType {
  @Field(() => PlanActionEnum)
  action!: PlanAction

  @Field(() => Int)
  count!: number
}

@ObjectType('PlanEstimate', { description: 'What carrying out a plan would cost.' })
export class PlanEstimateType {
  @Field(() => Int, {
    description: 'Calls to the local system: reading the records again, and writing.',
  })
  localCalls!: number

  @Field(() => Int)
  integrationCalls!: number

  @Field(() => Int, {
    nullable: true,
    description: "At the rate of the mapping's latest jobs. Null: there are none to go by.",
  })
  seconds!: number | null
}

@ObjectType('Plan', {
  description:
    'Exactly what a run would create, write, delete, leave in conflict or skip, made without writing anything. It can be carried out as it is; what has changed since is refused.',
})
export class PlanType {
  @Field(() => ID)
  id!: string

  @Field(() => RunStatusEnum, { description: 'COMPLETED: the plan is whole.' })
  status!: RunStatus

  @Field(() => RunModeEnum)
  mode!: RunMode

  @Field(() => Int, { description: 'The version of the mapping that it goes by.' })
  mappingVersion!: number

  @Field(() => String)
  requestedBy!: string

  @Field(() => Date)
  requestedAt!: Date

  @Field(() => String, { nullable: true, description: 'Why it is not whole.' })
  message?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Stands for all its items; hand it back to carry out exactly this plan. Null until it is whole.',
  })
  hash!: string | null

  @Field(() => PlanEstimateType, { nullable: true })
  estimate!: PlanEstimateType | null
}

@InputType('PlanItemFilter', { description: 'All that is given must hold.' })
export class PlanItemFilter {
  @Field(() => [PlanActionEnum], { nullable: true })
  action?: PlanAction[] | null

  @Field(() => PassDirectionEnum, { nullable: true })
  direction?: PassDirection | null

  @Field(() => String, {
    nullable: true,
    description: 'Part of a name or of an id of the two records, without case.',
  })
  text?: string | null
}
