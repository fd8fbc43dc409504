import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { FieldType } from '../../domain/value.js'

export type FieldKind = FieldType['kind']

/** In capitals, as members of GraphQL's enumerations are. */
export const FieldKindEnum = {
  TEXT: 'text',
  CODE: 'code',
  DECIMAL: 'decimal',
  INTEGER: 'integer',
  BOOLEAN: 'boolean',
  OPTION: 'option',
  GUID: 'guid',
  LOOKUP: 'lookup',
  DATE: 'date',
  DATE_TIME: 'dateTime',
  UNSUPPORTED: 'unsupported',
} as const satisfies Readonly<Record<string, FieldKind>>
registerEnumType(FieldKindEnum, {
  name: 'SystemFieldType',
  description: 'What a field holds.',
  valuesConfig: {
    CODE: { description: 'Text in capital letters without blanks at its ends.' },
    OPTION: { description: 'One of a closed set of values.' },
    GUID: { description: 'An id.' },
    LOOKUP: { description: 'The id of a record of another table.' },
    DATE: { description: 'A day.' },
    DATE_TIME: { description: 'A moment.' },
    UNSUPPORTED: { description: 'BLOBs, media, images, files and lists: cannot be carried.' },
  },
})

@ObjectType('SystemTableName', { description: 'A table that a system has.' })
export class SystemTableNameType {
  @Field(() => String, { description: "Its name in the system's API, as mappings name it: customers." })
  name!: string

  @Field(() => String, { description: 'Customer.' })
  caption!: string

  @Field(() => [String], { description: 'Mappings of this table.' })
  mappings!: readonly string[]
}

@ObjectType('SystemTables')
export class SystemTablesType {
  @Field(() => Date, { description: "When it was read from the system's metadata." })
  readAt!: Date

  @Field(() => [SystemTableNameType], { description: 'Sorted by name.' })
  tables!: readonly SystemTableNameType[]
}

@ObjectType('SystemField', { description: 'A field of a table.' })
export class SystemFieldType {
  @Field(() => String, { description: "Its name in the system's API, as mappings name it." })
  name!: string

  @Field(() => String)
  caption!: string

  @Field(() => FieldKindEnum)
  type!: FieldKind

  @Field(() => Int, { nullable: true, description: 'Longest text, in UTF-16 units.' })
  maxLength!: number | null

  @Field(() => Int, { nullable: true, description: 'Decimals that it keeps.' })
  scale!: number | null

  @Field(() => [String], { nullable: true, description: 'The values of an option.' })
  members!: readonly string[] | null

  @Field(() => String, { nullable: true, description: 'The table that a lookup refers to.' })
  lookupTable!: string | null

  @Field(() => Boolean, {
    description: 'Computed or assigned by the system: it can be carried from here only.',
  })
  readOnly!: boolean

  @Field(() => Boolean, { description: 'Can be set when a record is created, never afterwards.' })
  createOnly!: boolean

  @Field(() => Boolean, { description: 'The system refuses a record in which it is blank.' })
  required!: boolean

  @Field(() => Boolean, { description: 'Only a custom API page of Business Central has it.' })
  customApi!: boolean

  @Field(() => Boolean)
  mappable!: boolean

  @Field(() => String, { nullable: true, description: 'Why it cannot be mapped. Null: it can.' })
  reasonNotMappable!: string | null
}

@ObjectType('SystemTable', { description: 'A table as its system describes it.' })
export class SystemTableType {
  @Field(() => String)
  name!: string

  @Field(() => String)
  caption!: string

  @Field(() => Date, { description: "When it was read from the system's metadata." })
  readAt!: Date

  @Field(() => [SystemFieldType])
  fields!: readonly SystemFieldType[]
}

@ObjectType('FieldMappingSuggestion', { description: 'Two fields that may belong together.' })
export class FieldMappingSuggestionType {
  @Field(() => String)
  localField!: string

  @Field(() => String)
  localCaption!: string

  @Field(() => String)
  integrationField!: string

  @Field(() => String)
  integrationCaption!: string

  @Field(() => String, { description: 'What speaks for it.' })
  reason!: string

  @Field(() => Boolean, { description: 'A name or caption is the same on both sides, not only alike.' })
  equal!: boolean
}
