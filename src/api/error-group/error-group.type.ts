import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql'
import { ErrorGroupEventKind } from '../../domain/error-group.js'
import type { ErrorClass, ResolvableBy } from '../../domain/failure.js'
import { ErrorClassEnum, graphqlEnum, ResolvableByEnum } from '../enums.js'
import { connectionType } from '../paging/connection.type.js'

export const ErrorGroupEventKindEnum = graphqlEnum(
  'ErrorGroupEventKind',
  ErrorGroupEventKind,
  'What happened to a group of errors.',
  {
    ASSIGNED: 'Somebody looks after it.',
    UNASSIGNED: 'Nobody does any more.',
    SNOOZED: 'It was put out of sight until a time.',
    WOKEN: 'It was taken back before that time.',
    RESOLVED: 'By hand, or by Accord: its last open error was resolved by a later success.',
    REOPENED: 'By hand, or by Accord: it happened again.',
    NOTED: 'A note was left.',
    TAGGED: 'Its tags were changed.',
  },
)

@ObjectType('ErrorGroup', {
  description: 'Errors of one mapping with the same root cause, and who does what about it.',
})
export class ErrorGroupType {
  @Field(() => ID)
  id!: string

  @Field(() => ErrorClassEnum)
  errorClass!: ErrorClass

  @Field(() => ResolvableByEnum)
  resolvableBy!: ResolvableBy

  @Field(() => String, { description: 'What happened, as it was met last.' })
  message!: string

  @Field(() => String, { description: 'Why.' })
  cause!: string

  @Field(() => String, { description: 'What to do about it.' })
  remedy!: string

  @Field(() => String, { nullable: true, description: 'The field at fault, where one is known.' })
  field?: string | null

  @Field(() => String, { nullable: true, description: "The system's own error code." })
  code?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'The cause by its stable name, where a check of the connection knows it: PRIVILEGE_MISSING. See docs/setup-errors.md.',
  })
  diagnosis?: string | null

  @Field(() => String, { description: 'What its errors have in common; equal in every mapping.' })
  fingerprint!: string

  @Field(() => Int, { description: 'Open errors.' })
  openCount!: number

  @Field(() => Int, { description: 'Resolved errors that the log still holds.' })
  resolvedCount!: number

  @Field(() => Int, {
    description: 'How often it was met in all, purged errors included; once a run and record.',
  })
  occurrences!: number

  @Field(() => Date)
  firstSeen!: Date

  @Field(() => Date)
  lastSeen!: Date

  @Field(() => String, { nullable: true, description: 'Who looks after it.' })
  assignee?: string | null

  @Field(() => Date, {
    nullable: true,
    description: 'Until when it is out of sight; in the past: it is no longer.',
  })
  snoozedUntil?: Date | null

  @Field(() => Date, { nullable: true, description: 'When its last open error was resolved.' })
  resolvedAt?: Date | null

  @Field(() => String, {
    nullable: true,
    description: 'Who resolved it by hand. Null: a later success, or it is open.',
  })
  resolvedBy?: string | null

  @Field(() => Int, { description: 'How often it came back after it had been resolved.' })
  reopened!: number

  @Field(() => [String])
  tags!: readonly string[]

  @Field(() => Int, {
    description:
      'Rises with every change of state, assignee, notes and tags. Name it when you change the group.',
  })
  version!: number
}

export const ErrorGroupConnection = connectionType('ErrorGroup', ErrorGroupType)

@ObjectType('ErrorGroupDay', { description: 'What a day, UTC, brought.' })
export class ErrorGroupDayType {
  @Field(() => String, { description: '2026-03-01.' })
  day!: string

  @Field(() => Int, { description: 'How often it was met.' })
  occurrences!: number

  @Field(() => Int, { description: 'New errors.' })
  recorded!: number

  @Field(() => Int, { description: 'Errors that were resolved.' })
  resolved!: number
}

@ObjectType('ErrorGroupEvent', { description: 'One step in the life of a group of errors.' })
export class ErrorGroupEventType {
  @Field(() => ID)
  id!: string

  @Field(() => ErrorGroupEventKindEnum)
  kind!: ErrorGroupEventKind

  @Field(() => String, { description: 'Who; Accord: nobody, it came about by itself.' })
  actor!: string

  @Field(() => Date)
  at!: Date

  @Field(() => String, { nullable: true, description: 'To whom, until when, the note, the tags.' })
  detail?: string | null
}

@ObjectType('ErrorGroupChanged', { description: 'It was done.' })
export class ErrorGroupChangedType {
  @Field(() => ErrorGroupType, { description: 'The group as it is now.' })
  group!: ErrorGroupType

  constructor(values: ErrorGroupChangedType) {
    Object.assign(this, values)
  }
}

@ObjectType('ErrorGroupChangedSince', {
  description: 'Nothing was done: the group is no longer as it was when it was looked at.',
})
export class ErrorGroupChangedSinceType {
  @Field(() => ErrorGroupType, {
    description: 'The group as it is now; look, then ask again with its version.',
  })
  group!: ErrorGroupType

  @Field(() => String)
  message!: string

  constructor(values: ErrorGroupChangedSinceType) {
    Object.assign(this, values)
  }
}

@ObjectType('ErrorGroupUnknown', { description: 'Nothing was done: there is no such group.' })
export class ErrorGroupUnknownType {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  message!: string

  constructor(values: ErrorGroupUnknownType) {
    Object.assign(this, values)
  }
}

export type ErrorGroupResult = ErrorGroupChangedType | ErrorGroupChangedSinceType | ErrorGroupUnknownType

export const ErrorGroupResultUnion = createUnionType({
  name: 'ErrorGroupResult',
  description: 'What became of a change of one group.',
  types: () => [ErrorGroupChangedType, ErrorGroupChangedSinceType, ErrorGroupUnknownType] as const,
})
