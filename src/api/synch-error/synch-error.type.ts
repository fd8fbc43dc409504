import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { ErrorClass, ResolvableBy } from '../../domain/failure.js'
import type { PassDirection } from '../../domain/mapping.js'
import { ErrorClassEnum, PassDirectionEnum, ResolvableByEnum } from '../enums.js'
import { connectionType } from '../paging/connection.type.js'

@ObjectType('IntegrationSynchError', {
  description:
    'Integration synchronization error: one entry per record, direction and cause, however often it occurs.',
})
export class SynchErrorType {
  @Field(() => ID)
  id!: string

  @Field(() => PassDirectionEnum)
  direction!: PassDirection

  @Field(() => ErrorClassEnum)
  errorClass!: ErrorClass

  @Field(() => ResolvableByEnum)
  resolvableBy!: ResolvableBy

  @Field(() => String, { description: 'What happened.' })
  message!: string

  @Field(() => String, { description: 'Why.' })
  cause!: string

  @Field(() => String, { description: 'What to do about it.' })
  remedy!: string

  @Field(() => String, { nullable: true, description: 'The field at fault, where one is known.' })
  field?: string | null

  @Field(() => String, { nullable: true, description: "The system's own error code." })
  code?: string | null

  @Field(() => Int, { nullable: true })
  httpStatus?: number | null

  @Field(() => String, {
    nullable: true,
    description:
      'The cause by its stable name, where a check of the connection knows it: PRIVILEGE_MISSING. See docs/setup-errors.md.',
  })
  diagnosis?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'What a check of the connection has shown for the cause, when the run stopped.',
  })
  evidence?: string | null

  @Field(() => String, { description: 'Equal for entries with the same root cause.' })
  fingerprint!: string

  @Field(() => Int, { description: 'How many runs have met it.' })
  occurrences!: number

  @Field(() => Date)
  firstSeen!: Date

  @Field(() => Date, {
    nullable: true,
    description: 'When a later success, or a person, resolved it. Null: open.',
  })
  resolvedAt?: Date | null

  @Field(() => String, {
    nullable: true,
    description: 'OpenTelemetry’s trace in which it was met last. Null: without one.',
  })
  traceId?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Who resolved it by hand. Null: a later success, or it is open.',
  })
  resolvedBy?: string | null

  @Field(() => String, { nullable: true, description: 'Who looks after it.' })
  assignee?: string | null
}

export const SynchErrorConnection = connectionType('IntegrationSynchError', SynchErrorType)

@ObjectType('DeletedSynchErrors', { description: 'What a purge of the error log did, or would do.' })
export class DeletedSynchErrorsType {
  @Field(() => Int, { description: 'Entries deleted (in a dry run: that would be).' })
  deleted!: number

  @Field(() => Int, { description: 'Entries that match and were kept, since they are still relevant.' })
  kept!: number

  @Field(() => Int, { description: 'Entries that match and whose record is not in sync now.' })
  stillRelevant!: number
}
