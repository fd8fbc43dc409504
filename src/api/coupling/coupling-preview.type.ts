import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { CoupleSynchronize } from '../../domain/choice.js'
import type { Side, Value } from '../../domain/value.js'
import { SideEnum } from '../enums.js'
import { GraphQLFieldValue } from '../field-value.js'
import { ConflictStampsType, NamedFieldType, RecordVersionsType } from '../record/conflict.type.js'
import { RecordReferenceType } from '../record/record-reference.type.js'
import { CoupleSynchronizeEnum } from './coupling-change.type.js'

@ObjectType('ExaminedRecord', { description: 'A record as it was found in its system just now.' })
export class ExaminedRecordType {
  @Field(() => RecordReferenceType)
  record!: RecordReferenceType

  @Field(() => Boolean)
  found!: boolean

  @Field(() => String, {
    nullable: true,
    description: 'Why it can be coupled with no record: gone, not to be read, outside its filter.',
  })
  problem!: string | null

  @Field(() => ID, { nullable: true, description: 'The coupling that it has now, through whatever mapping.' })
  couplingId!: string | null

  @Field(() => ID, { nullable: true, description: 'The record that it is coupled with now.' })
  partnerId!: string | null

  @Field(() => String, { nullable: true })
  partnerName!: string | null
}

@ObjectType('FoundRecords', { description: 'Records of one side that a text was found in.' })
export class FoundRecordsType {
  @Field(() => [ExaminedRecordType], {
    description: 'At most 20; those of which a searched field holds the text alone come first.',
  })
  records!: readonly ExaminedRecordType[]

  @Field(() => Boolean, {
    description:
      'False: there may be more. A whole name or number is found however large the table is; parts of it in the first 5,000 records, or in all where the system searches as Accord compares.',
  })
  isComplete!: boolean
}

@ObjectType('PreviewedWrite', { description: 'A value that would be written.' })
export class PreviewedWriteType {
  @Field(() => SideEnum)
  side!: Side

  @Field(() => String, { description: 'By the name it has in its own table.' })
  field!: string

  @Field(() => GraphQLFieldValue, { nullable: true })
  before!: Value

  @Field(() => GraphQLFieldValue, { nullable: true })
  after!: Value
}

@ObjectType('PreviewedChoice', { description: 'What one choice would do; nothing was written.' })
export class PreviewedChoiceType {
  @Field(() => CoupleSynchronizeEnum, {
    description: 'NONE: what the next run would do by itself, as the mapping says.',
  })
  synchronize!: CoupleSynchronize

  @Field(() => [PreviewedWriteType])
  writes!: readonly PreviewedWriteType[]

  @Field(() => String, { nullable: true, description: 'Why nothing would be written.' })
  problem!: string | null
}

@ObjectType('CouplingPreview', {
  description:
    'Two records side by side, and what coupling them would do. Long texts are cut, ending in "…".',
})
export class CouplingPreviewType {
  @Field(() => ExaminedRecordType)
  local!: ExaminedRecordType

  @Field(() => ExaminedRecordType)
  integration!: ExaminedRecordType

  @Field(() => ID, { nullable: true, description: 'Their coupling with each other.' })
  couplingId!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Why they cannot be coupled as things stand, in the words of coupleRecords.',
  })
  problem!: string | null

  @Field(() => RecordVersionsType)
  versions!: RecordVersionsType

  @Field(() => ConflictStampsType, { nullable: true })
  stamps!: ConflictStampsType | null

  @Field(() => [NamedFieldType], { description: 'Every mapped field with both values.' })
  fields!: readonly NamedFieldType[]

  @Field(() => [PreviewedChoiceType], { description: "Those that the mapping's direction allows." })
  choices!: readonly PreviewedChoiceType[]
}

@ObjectType('CouplingCandidateRule', { description: 'What one match rule finds.' })
export class CouplingCandidateRuleType {
  @Field(() => Int)
  priority!: number

  @Field(() => [String], { description: 'The fields of the record that are matched.' })
  fields!: readonly string[]

  @Field(() => Boolean)
  caseSensitive!: boolean

  @Field(() => Int)
  total!: number

  @Field(() => [ExaminedRecordType], { description: 'The first 20.' })
  candidates!: readonly ExaminedRecordType[]
}

@ObjectType('CouplingCandidates', { description: 'The records that the match rules find for a record.' })
export class CouplingCandidatesType {
  @Field(() => ExaminedRecordType)
  record!: ExaminedRecordType

  @Field(() => ID, {
    nullable: true,
    description: 'The one free record that match-based coupling would take.',
  })
  partnerId!: string | null

  @Field(() => String, { nullable: true, description: 'Why it would take none.' })
  problem!: string | null

  @Field(() => [CouplingCandidateRuleType], { description: 'By priority; each on its own.' })
  rules!: readonly CouplingCandidateRuleType[]
}
