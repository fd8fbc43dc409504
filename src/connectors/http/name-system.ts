import type { Failure } from '../../domain/failure.js'

/** Says which system a failure of a whole call came from, where its own words do not: a run speaks to two. */
export function ofSystem(system: string, failure: Failure): Failure {
  return failure.message.includes(system) ? failure : { ...failure, message: `${system}: ${failure.message}` }
}
