import { Field, ObjectType } from 'type-graphql'
import type { Side } from '../../domain/value.js'
import { DirectionEnum, SideEnum } from '../enums.js'
import type { Direction } from '../../domain/mapping.js'

const BLANK = 'Null is blank. Decimals are decimal strings.'

@ObjectType('RecordVersions', {
  description:
    'The versions (ETags) of both records. Hand them back as `seenVersions` to bind a choice to them.',
})
export class RecordVersionsType {
  @Field(() => String, { nullable: true })
  local!: string | null

  @Field(() => String, { nullable: true })
  integration!: string | null
}

@ObjectType('ConflictStamps', {
  description: 'When both records were changed, and when they last agreed. UTC.',
})
export class ConflictStampsType {
  @Field(() => Date, { nullable: true, description: 'Modification stamp of the local record.' })
  local!: Date | null

  @Field(() => Date, {
    nullable: true,
    description: 'Modification stamp of the record of the integration table.',
  })
  integration!: Date | null

  @Field(() => Date, {
    nullable: true,
    description: 'Last Synch. Modified On: the stamp of the local record when both last agreed.',
  })
  lastSynchModifiedOn!: Date | null

  @Field(() => Date, {
    nullable: true,
    description: 'Last Synch. CRM Modified On: the stamp of the other record when both last agreed.',
  })
  lastSynchCrmModifiedOn!: Date | null

  @Field(() => SideEnum, {
    nullable: true,
    description: 'The side that was edited last, judged by the stamps; null when they are equal or unknown.',
  })
  editedLast!: Side | null
}

@ObjectType('ConflictField', { description: 'One mapped field of a conflict, side by side.' })
export class ConflictFieldType {
  @Field(() => String, { description: 'Name of the field mapping: local field, colon, integration field.' })
  name!: string

  @Field(() => String)
  localField!: string

  @Field(() => String)
  integrationField!: string

  @Field(() => String)
  localCaption!: string

  @Field(() => String)
  integrationCaption!: string

  @Field(() => DirectionEnum)
  direction!: Direction

  @Field(() => String, {
    nullable: true,
    description: `What both sides last agreed on, as the local record held it. ${BLANK}`,
  })
  base!: string | null

  @Field(() => String, {
    nullable: true,
    description: `The same as the integration table held it; differs from \`base\` only where one side cannot hold the other's value. ${BLANK}`,
  })
  integrationBase!: string | null

  @Field(() => Boolean, { description: 'Whether there is an agreed value: false on first contact.' })
  hasBase!: boolean

  @Field(() => String, { nullable: true, description: `The value of the local record. ${BLANK}` })
  local!: string | null

  @Field(() => String, { nullable: true, description: `The value of the integration record. ${BLANK}` })
  integration!: string | null

  @Field(() => Boolean)
  localChanged!: boolean

  @Field(() => Boolean)
  integrationChanged!: boolean

  @Field(() => Boolean, { description: 'Whether the two sides agree on it.' })
  equal!: boolean
}

@ObjectType('NamedField', {
  description: 'One mapped field, side by side, with the names of the records that a lookup names.',
})
export class NamedFieldType extends ConflictFieldType {
  @Field(() => Boolean, { description: 'Whether its values are ids of other records.' })
  lookup!: boolean

  @Field(() => String, {
    nullable: true,
    description: 'Of a lookup: the name of the record that `local` names.',
  })
  localName!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Of a lookup: the name of the record that `integration` names.',
  })
  integrationName!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Of a lookup: the name of the record that `base` names.',
  })
  baseName!: string | null
}

@ObjectType('SynchErrorField', {
  description: 'One mapped field of a conflict, as the pass that failed saw it.',
})
export class SynchErrorFieldType {
  @Field(() => String, { description: 'Name of the field mapping: local field, colon, integration field.' })
  name!: string

  @Field(() => String)
  sourceField!: string

  @Field(() => String)
  destinationField!: string

  @Field(() => String)
  sourceCaption!: string

  @Field(() => String)
  destinationCaption!: string

  @Field(() => String, {
    nullable: true,
    description: `What both sides last agreed on, as the source held it. ${BLANK}`,
  })
  base!: string | null

  @Field(() => String, { nullable: true, description: `The same as the destination held it. ${BLANK}` })
  destinationBase!: string | null

  @Field(() => Boolean, { description: 'Whether there is an agreed value: false on first contact.' })
  hasBase!: boolean

  @Field(() => String, { nullable: true, description: BLANK })
  source!: string | null

  @Field(() => String, { nullable: true, description: BLANK })
  destination!: string | null

  @Field(() => Boolean)
  sourceChanged!: boolean

  @Field(() => Boolean)
  destinationChanged!: boolean

  @Field(() => Boolean, { description: 'Whether the two sides agree on it.' })
  equal!: boolean
}

@ObjectType('ConflictDetail', {
  description:
    'Everything that was known when the conflict was found; stays with the record until it is settled.',
})
export class ConflictDetailType {
  @Field(() => Boolean, {
    description: 'The records were coupled for the first time, so there is no agreed past.',
  })
  firstContact!: boolean

  @Field(() => RecordVersionsType)
  versions!: RecordVersionsType

  @Field(() => ConflictStampsType)
  stamps!: ConflictStampsType

  @Field(() => [ConflictFieldType])
  fields!: readonly ConflictFieldType[]
}
