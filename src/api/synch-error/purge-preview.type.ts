import { Field, Int, ObjectType } from 'type-graphql'

@ObjectType('PurgePreviewGroup', {
  description: 'Entries of the error log with one root cause that a purge would meet.',
})
export class PurgePreviewGroupType {
  @Field(() => Int, { description: 'Entries that would go.' })
  deletable!: number

  @Field(() => Int, {
    description: 'Entries that would stay unless includeStillRelevant: their records are not in sync now.',
  })
  stillRelevant!: number

  groupId!: string | null
}

@ObjectType('PurgePreview', { description: 'What a purge of the error log would meet.' })
export class PurgePreviewType {
  @Field(() => Int, { description: 'Entries that would go.' })
  deletable!: number

  @Field(() => Int, { description: 'Entries that would stay unless includeStillRelevant.' })
  stillRelevant!: number

  @Field(() => [PurgePreviewGroupType], { description: 'By root cause, most entries first.' })
  groups!: readonly PurgePreviewGroupType[]
}
