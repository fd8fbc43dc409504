import { Field, ID, ObjectType } from 'type-graphql'
import { Severity } from '../../domain/finding.js'
import type { Side } from '../../domain/value.js'
import { graphqlEnum, SideEnum } from '../enums.js'

export const SeverityEnum = graphqlEnum('FindingSeverity', Severity, 'How much a finding matters.', {
  ERROR: 'Nothing, or some mapping, works until it is mended.',
  WARNING: 'It works, or will work with less than it could.',
  INFORMATION: 'Nothing is wrong; worth knowing.',
})

@ObjectType('CorrelationId', { description: "A number under which a system's support finds a request." })
export class CorrelationIdType {
  @Field(() => String, { description: 'trace_id, correlation_id, REQ_ID, CorrelationId.' })
  name!: string

  @Field(() => String)
  value!: string
}

@ObjectType('Finding', { description: 'One thing that a check of a connection found.' })
export class FindingType {
  @Field(() => String, {
    description: 'Stable name of the cause: CLIENT_SECRET_EXPIRED. All of them: docs/setup-errors.md.',
  })
  code!: string

  @Field(() => SeverityEnum)
  severity!: Severity

  @Field(() => SideEnum, { nullable: true, description: 'Null: the connection as a whole.' })
  side!: Side | null

  @Field(() => String, { description: 'What was found.' })
  what!: string

  @Field(() => String, { description: 'Why.' })
  cause!: string

  @Field(() => String, { description: 'What to do about it.' })
  remedy!: string

  @Field(() => String, { nullable: true, description: 'What the system answered, as far as it proves this.' })
  evidence!: string | null

  @Field(() => [CorrelationIdType])
  correlationIds!: readonly CorrelationIdType[]

  @Field(() => String, { nullable: true, description: 'Where it is documented.' })
  link!: string | null
}

@ObjectType('ConnectionCheck', { description: 'What a check of a connection found.' })
export class ConnectionCheckType {
  @Field(() => ID)
  id!: string

  @Field(() => Date)
  checkedAt!: Date

  @Field(() => String, { description: 'Who asked for it; "schedule", or the run that stopped.' })
  requestedBy!: string

  @Field(() => [FindingType], { description: 'What hides others comes first.' })
  findings!: readonly FindingType[]
}
