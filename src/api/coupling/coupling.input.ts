import { Field, ID, InputType } from 'type-graphql'
import type { ErrorClass } from '../../domain/failure.js'
import { ErrorClassEnum, graphqlEnum } from '../enums.js'
import { TimeRangeInput } from '../paging/time-range.input.js'

export const CouplingStatus = { settled: 'SETTLED', pending: 'PENDING', skipped: 'SKIPPED' } as const
export type CouplingStatus = (typeof CouplingStatus)[keyof typeof CouplingStatus]

export const CouplingStatusEnum = graphqlEnum('CouplingStatus', CouplingStatus, 'Where a coupling stands.', {
  SETTLED: 'Nothing is left over from its last synchronization.',
  PENDING: 'A later run looks at it again.',
  SKIPPED: 'A skipped synch. record: it waits for a person.',
})

@InputType('CouplingFilter', { description: 'All that is given must hold.' })
export class CouplingFilter {
  @Field(() => String, { nullable: true, description: 'Name of the mapping.' })
  mapping?: string | null

  @Field(() => String, { nullable: true, description: 'Name of the connection.' })
  connection?: string | null

  @Field(() => ID, { nullable: true, description: 'The run that synchronized it last.' })
  run?: string | null

  @Field(() => [CouplingStatusEnum], { nullable: true })
  status?: CouplingStatus[] | null

  @Field(() => [ErrorClassEnum], { nullable: true, description: 'Why it is pending or skipped.' })
  errorClass?: ErrorClass[] | null

  @Field(() => Boolean, { nullable: true })
  skipped?: boolean | null

  @Field(() => ID, { nullable: true, description: 'Id of the local record.' })
  localId?: string | null

  @Field(() => ID, { nullable: true, description: 'Id of the record of the integration table.' })
  integrationId?: string | null

  @Field(() => TimeRangeInput, { nullable: true, description: 'When it was last synchronized.' })
  time?: TimeRangeInput | null

  @Field(() => String, {
    nullable: true,
    description:
      'Words of a name of the two records or of the number, each by its beginning (of one letter: whole), without case; or the id of a record.',
  })
  text?: string | null
}

export const CouplingOrder = {
  id: 'ID',
  localNameAsc: 'LOCAL_NAME_ASC',
  localNameDesc: 'LOCAL_NAME_DESC',
  lastSynchronizedDesc: 'LAST_SYNCHRONIZED_DESC',
  lastSynchronizedAsc: 'LAST_SYNCHRONIZED_ASC',
} as const
export type CouplingOrder = (typeof CouplingOrder)[keyof typeof CouplingOrder]

export const CouplingOrderEnum = graphqlEnum('CouplingOrder', CouplingOrder, 'Orders of couplings.', {
  ID: 'By id: the cheapest, and no row moves while the list is read.',
  LOCAL_NAME_ASC: 'By the name of the local record.',
  LOCAL_NAME_DESC: 'By the name of the local record, backwards.',
  LAST_SYNCHRONIZED_DESC: 'Last synchronized first.',
  LAST_SYNCHRONIZED_ASC: 'Longest untouched first.',
})
