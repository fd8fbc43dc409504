import { GraphQLJSON, GraphQLJSONObject } from 'graphql-scalars'
import { Field, Int, ObjectType } from 'type-graphql'
import { graphqlEnum } from '../enums.js'

@ObjectType('MappingNotice', { description: 'What deserves a look in a mapping.' })
export class MappingNoticeType {
  @Field(() => String, { description: 'The setting: fields[2].direction. Empty: the mapping as a whole.' })
  path!: string

  @Field(() => String, { description: 'What it is, and what would be right.' })
  message!: string
}

@ObjectType('MappingSettingChange', { description: 'A setting of a mapping that was changed.' })
export class SettingChangeType {
  @Field(() => String, { description: 'direction, fields[displayName:name].owner.' })
  path!: string

  @Field(() => GraphQLJSON, { nullable: true, description: 'Null also where it was added.' })
  before?: unknown

  @Field(() => GraphQLJSON, { nullable: true, description: 'Null also where it was removed.' })
  after?: unknown

  @Field(() => String, { description: 'The change in one line.' })
  text!: string
}

@ObjectType('IntegrationTableMappingVersion', {
  description: 'A definition that a mapping has or had. Runs and jobs name the version they carried out.',
})
export class MappingVersionType {
  @Field(() => Int)
  version!: number

  @Field(() => String)
  author!: string

  @Field(() => String, { nullable: true, description: "Why, in the author's words." })
  note!: string | null

  @Field(() => Date)
  at!: Date

  @Field(() => [SettingChangeType], { description: 'Against the version before; none for the first.' })
  changes!: readonly SettingChangeType[]

  @Field(() => [String], {
    description: 'What follows from the changes that one may not expect, as whole sentences.',
  })
  consequences!: readonly string[]

  @Field(() => GraphQLJSONObject, { description: 'The mapping, as a mapping file holds it.' })
  document!: object
}

@ObjectType('DeletedIntegrationTableMapping')
export class DeletedMappingType {
  @Field(() => String)
  name!: string

  @Field(() => Int, { description: 'Couplings that were deleted with it.' })
  couplings!: number
}

export const AppliedAction = { created: 'CREATED', changed: 'CHANGED', unchanged: 'UNCHANGED' } as const
export type AppliedAction = (typeof AppliedAction)[keyof typeof AppliedAction]

export const AppliedActionEnum = graphqlEnum(
  'AppliedMappingAction',
  AppliedAction,
  'What applying a mapping file does to its mapping.',
  {
    CREATED: 'There was no mapping of that name.',
    CHANGED: 'It has a new version.',
    UNCHANGED: 'File and mapping mean the same.',
  },
)

@ObjectType('AppliedIntegrationTableMapping')
export class AppliedMappingType {
  @Field(() => String)
  name!: string

  @Field(() => AppliedActionEnum)
  action!: AppliedAction

  @Field(() => Int, { description: 'The version that it has now, or would have.' })
  version!: number

  @Field(() => [SettingChangeType])
  changes!: readonly SettingChangeType[]

  @Field(() => [String], { description: 'What follows from the changes that one may not expect.' })
  consequences!: readonly string[]

  @Field(() => [MappingNoticeType], { description: 'What deserves a second look.' })
  warnings!: readonly MappingNoticeType[]
}
