import { Field, Float, Int, ObjectType } from 'type-graphql'
import type { ErrorClass } from '../../domain/failure.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { SynchJob } from '../../persistence/entities/synch-job.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import { ErrorClassEnum } from '../enums.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import { JobType } from '../synch-job/synch-job.type.js'
import { RunType } from '../synch-run/synch-run.type.js'

@ObjectType('PassProgress', { description: 'How far a pass of a run is.' })
export class PassProgressType {
  @Field(() => JobType, { description: 'The pass with its counters.' })
  job!: SynchJob

  @Field(() => Int, { description: 'Records that it has looked at.' })
  done!: number

  @Field(() => Int, {
    nullable: true,
    description:
      'Records that it will look at: known where records were chosen, or counted for a full synchronization. Null: not known.',
  })
  total!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Records a second since its start; null during the first second.',
  })
  rate!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Estimated from total and rate; 0 when it has ended. Null: not known.',
  })
  secondsLeft!: number | null
}

@ObjectType('RunProgress', { description: 'How far a run is.' })
export class RunProgressType {
  @Field(() => RunType)
  run!: SynchRun

  @Field(() => [PassProgressType], {
    description: 'Passes that have begun: to the integration table, then from it.',
  })
  passes!: readonly PassProgressType[]
}

@ObjectType('ErrorClassCount', { description: 'Errors of one class.' })
export class ErrorClassCountType {
  @Field(() => ErrorClassEnum)
  errorClass!: ErrorClass

  @Field(() => Int)
  count!: number
}

@ObjectType('MappingErrors', { description: 'The open errors of a mapping.' })
export class MappingErrorsType {
  @Field(() => IntegrationTableMappingType)
  mapping!: Mapping

  @Field(() => Int, { description: 'Open errors.' })
  openErrors!: number

  @Field(() => [ErrorClassCountType], { description: 'The same by class, the most frequent first.' })
  byClass!: readonly ErrorClassCountType[]

  @Field(() => Date, { nullable: true, description: 'When one was seen last; null: none is open.' })
  lastSeen!: Date | null
}

@ObjectType('MappingCounters', {
  description: 'What is counted for a mapping; each number when it is asked for.',
})
export class MappingCountersType {
  @Field(() => IntegrationTableMappingType)
  mapping!: Mapping
}
