import type { ExaminedStanding } from '../../domain/examination.js'
import type { ApiContext } from '../context.js'
import { examine } from '../coupling/examine-records.js'
import { GraphQLError } from '../graphql.js'
import { isOpen, withLook, type Standing } from './gather-status.js'

/**
 * Has a worker look at a record where what is stored leaves the reason open, or where `fresh` asks for it. `fresh` false: nobody looks.
 * Throws SYSTEM_FAILURE, ENGINE_UNAVAILABLE where it was asked for; otherwise that nobody could look is told with the answer.
 */
export async function lookedAt(
  context: ApiContext,
  standing: Standing,
  fresh: boolean | null,
): Promise<Standing> {
  if (fresh === false || (fresh === null && !isOpen(standing))) return standing
  const { mapping, subject } = standing
  try {
    const live = await examine<ExaminedStanding>(context, {
      kind: 'record',
      mappingId: mapping.id,
      side: subject.side,
      id: subject.id,
    })
    return withLook(standing, live, null)
  } catch (error) {
    if (fresh === true || !(error instanceof GraphQLError)) throw error
    return withLook(standing, null, error.message)
  }
}
