import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql'
import { CoupleSynchronize } from '../../domain/choice.js'
import { graphqlEnum } from '../enums.js'
import { ConflictFieldType, RecordVersionsType } from '../record/conflict.type.js'
import { RunType } from '../synch-run/synch-run.type.js'

export const CoupleSynchronizeEnum = graphqlEnum(
  'CoupleSynchronize',
  CoupleSynchronize,
  'What becomes of the values of two records that are coupled.',
  {
    NONE: 'Do not synchronize: the next run compares them, as the mapping says.',
    TO_INTEGRATION_TABLE: "The local record's values win; blanks are filled from the other side.",
    FROM_INTEGRATION_TABLE: "The integration table's values win; blanks are filled from the other side.",
    MERGE: 'Blanks are filled. Where both hold a value and differ nothing is done, and the fields are told.',
  },
)

@ObjectType('RecordsCoupled', { description: 'The two records are coupled.' })
export class RecordsCoupledType {
  @Field(() => ID)
  couplingId!: string

  @Field(() => Boolean, { description: 'Whether a value was written.' })
  written!: boolean

  @Field(() => Boolean, { description: 'False: the two were not compared now; `message` says why.' })
  synchronized!: boolean

  @Field(() => String, { nullable: true })
  message!: string | null

  @Field(() => ID, { description: 'The run that did it.' })
  runId!: string

  constructor(values: RecordsCoupledType) {
    Object.assign(this, values)
  }
}

@ObjectType('RecordsNotCoupled', { description: 'Nothing was done; why, and the fields that differ.' })
export class RecordsNotCoupledType {
  @Field(() => ID)
  localId!: string

  @Field(() => ID)
  integrationId!: string

  @Field(() => String, { nullable: true, description: 'Why.' })
  message!: string

  @Field(() => ID, { description: 'The run that looked.' })
  runId!: string

  @Field(() => RecordVersionsType, { nullable: true })
  versions!: RecordVersionsType | null

  @Field(() => [ConflictFieldType], { description: 'Where merging met a clash: all mapped fields.' })
  fields!: readonly ConflictFieldType[]

  constructor(values: RecordsNotCoupledType) {
    Object.assign(this, values)
  }
}

export const CoupleRecordsResult = createUnionType({
  name: 'CoupleRecordsResult',
  description: 'What became of two records that were to be coupled.',
  types: () => [RecordsCoupledType, RecordsNotCoupledType] as const,
})

@ObjectType('RecordCreated', { description: 'A partner was created on the other side and coupled.' })
export class RecordCreatedType {
  @Field(() => ID, { description: 'Id of the record, as it was given.' })
  id!: string

  @Field(() => ID)
  couplingId!: string

  @Field(() => ID, { description: 'Id of the record that was created.' })
  createdId!: string

  @Field(() => ID)
  runId!: string

  constructor(values: RecordCreatedType) {
    Object.assign(this, values)
  }
}

@ObjectType('RecordNotCreated', { description: 'No partner was created; why.' })
export class RecordNotCreatedType {
  @Field(() => ID, { description: 'Id of the record, as it was given.' })
  id!: string

  @Field(() => String)
  message!: string

  @Field(() => ID)
  runId!: string

  constructor(values: RecordNotCreatedType) {
    Object.assign(this, values)
  }
}

export const CreateRecordResult = createUnionType({
  name: 'CreateRecordResult',
  description: 'What became of one record for which a partner was to be created.',
  types: () => [RecordCreatedType, RecordNotCreatedType] as const,
})

@ObjectType('DeletedCouplings', {
  description: 'What Delete Couplings did. The records of both systems, the history and the log stay.',
})
export class DeletedCouplingsType {
  @Field(() => Int)
  removed!: number

  @Field(() => Int, {
    description: 'Left as they are, since a write of theirs is under way. Ask again shortly.',
  })
  busy!: number

  @Field(() => [ID], { description: 'Of the ids given, those that no coupling has.' })
  unknown!: readonly string[]

  @Field(() => [ID], { description: 'The runs that stand in the log for it, one per mapping.' })
  runIds!: readonly string[]
}

@ObjectType('RepairedCouplings', {
  description: 'What became of couplings of which one side is gone; the run tells of each.',
})
export class RepairedCouplingsType {
  @Field(() => Int, { description: 'How many were looked at.' })
  examined!: number

  @Field(() => Int, { description: 'How many were given to the one free record that matches.' })
  repaired!: number

  @Field(() => RunType, {
    nullable: true,
    description: 'Its record results tell of each coupling. Null: there was nothing to look at.',
  })
  run!: RunType | null
}
