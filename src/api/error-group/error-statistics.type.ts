import { Field, Int, ObjectType } from 'type-graphql'
import type { ErrorClass } from '../../domain/failure.js'
import { ErrorClassEnum } from '../enums.js'

@ObjectType('ErrorStatistics', {
  description: 'Errors of a day, UTC, of one mapping and class. They survive a purge of the error log.',
})
export class ErrorStatisticsType {
  @Field(() => String, { description: '2026-03-01.' })
  day!: string

  @Field(() => ErrorClassEnum)
  errorClass!: ErrorClass

  @Field(() => Int, { description: 'How often they were met.' })
  occurrences!: number

  @Field(() => Int, { description: 'New errors.' })
  recorded!: number

  @Field(() => Int, { description: 'Errors that were resolved.' })
  resolved!: number

  mappingId!: string
}
