import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { Side } from '../../domain/value.js'
import type { WriteKind } from '../../domain/write.js'
import { SideEnum } from '../enums.js'
import { connectionType } from '../paging/connection.type.js'
import { WriteKindEnum } from './record-write.input.js'

@ObjectType('WrittenField', { description: 'One field of a write.' })
export class WrittenFieldType {
  @Field(() => String, { description: 'By its name in that system.' })
  field!: string

  @Field(() => String)
  caption!: string

  @Field(() => String, {
    nullable: true,
    description: 'What stood there before. Null is blank. Decimals are decimal strings.',
  })
  before!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'What the system held afterwards. Null is blank, or the record was deleted.',
  })
  after!: string | null

  @Field(() => Boolean, {
    description: 'What stood there before stood nowhere else: it lost a conflict, or was never agreed on.',
  })
  lost!: boolean
}

@ObjectType('RecordWrite', {
  description:
    'One write of Accord to one record: what was written over what, why, by which version of the mapping, and for whom.',
})
export class RecordWriteType {
  @Field(() => ID)
  id!: string

  @Field(() => SideEnum, { description: 'The side that was written.' })
  side!: Side

  @Field(() => WriteKindEnum)
  kind!: WriteKind

  @Field(() => Int, {
    nullable: true,
    description:
      'The version of the mapping that the run went by. Null: written before Accord kept every write.',
  })
  mappingVersion?: number | null

  @Field(() => String, { description: 'Row of the decision table (SPEC.md).' })
  decisionRow!: string

  @Field(() => String, { nullable: true, description: 'Who asked for the run: schedule, API, or a person.' })
  requestedBy?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Version (ETag) of the record before; null where it was created, or it is not known.',
  })
  versionBefore?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Version (ETag) that the write made; null where the record was deleted, or it is not known.',
  })
  versionAfter?: string | null

  @Field(() => Date)
  at!: Date

  @Field(() => String, {
    nullable: true,
    description: 'OpenTelemetry’s trace in which it was written. Null: without one.',
  })
  traceId?: string | null
}

export const RecordWriteConnection = connectionType('RecordWrite', RecordWriteType)
