import { Field, ID, Int, ObjectType } from 'type-graphql'
import { RepairKeep, type RepairAction } from '../../domain/reconcile-repair.js'
import { graphqlEnum } from '../enums.js'
import { RepairActionEnum } from './reconcile.type.js'

export const RepairKeepEnum = graphqlEnum(
  'RepairKeep',
  RepairKeep,
  'Whose state stays where a pair differs.',
  {
    LOCAL: "The local record's.",
    INTEGRATION: "The integration table's.",
    RECOMMENDED: 'What each item recommends.',
  },
)

export const RepairOutcome = {
  running: 'RUNNING',
  repaired: 'REPAIRED',
  unchanged: 'UNCHANGED',
  changedSince: 'CHANGED_SINCE',
  failed: 'FAILED',
  refused: 'REFUSED',
} as const
export type RepairOutcome = (typeof RepairOutcome)[keyof typeof RepairOutcome]

export const RepairOutcomeEnum = graphqlEnum('RepairOutcome', RepairOutcome, 'What became of a repair.', {
  RUNNING: 'The run has not come to it yet.',
  REPAIRED: 'Done.',
  UNCHANGED: 'There was nothing left to write.',
  CHANGED_SINCE: 'A record is no longer at the version that was compared: nothing was written.',
  FAILED: 'Not done; the message says why.',
  REFUSED: 'There is no such repair of this item; the message says why. Nothing was tried.',
})

@ObjectType('ReconciliationRepair', { description: 'What became of the repair of one item.' })
export class ItemRepairType {
  @Field(() => RepairKeepEnum)
  keep!: RepairKeep

  @Field(() => RepairActionEnum, { nullable: true, description: 'Null: it was refused.' })
  action!: RepairAction | null

  @Field(() => RepairOutcomeEnum)
  outcome!: RepairOutcome

  @Field(() => String, { nullable: true })
  message!: string | null

  @Field(() => ID, { nullable: true, description: 'The run that carried it out.' })
  runId!: string | null
}

@ObjectType('ReconciliationRepairResult', { description: 'One item of a repair.' })
export class RepairResultType {
  @Field(() => ID)
  itemId!: string

  @Field(() => ItemRepairType)
  repair!: ItemRepairType
}

@ObjectType('RepairReconciliationPayload', { description: 'What became of the items that were approved.' })
export class RepairPayload {
  @Field(() => [RepairResultType], { description: 'One per item, in their order.' })
  results!: RepairResultType[]

  @Field(() => Int, {
    description: 'Items of the filter that one call does not take. Ask again: those dealt with are left out.',
  })
  left!: number
}
