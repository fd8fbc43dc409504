import type { EntityManager } from '@mikro-orm/postgresql'
import { pastDeadlocks } from '../persistence/deadlock.js'
import type { ApiContext } from './context.js'

/** What a transaction of a request needs of it. */
export type Transacting = Pick<ApiContext, 'em' | 'logger' | 'audit'>

/**
 * Does the work of a mutation in one transaction, and does it again where PostgreSQL ended that because it and another one waited for
 * each other. `work` may be called several times: it does nothing outside of its transaction but note what it has changed.
 */
export function inTransaction<Result>(
  { em, logger, audit }: Transacting,
  work: (em: EntityManager) => Promise<Result>,
): Promise<Result> {
  const noted = audit.noted
  return pastDeadlocks(
    () => em.fork().transactional(work),
    (error) => {
      audit.forgetAfter(noted)
      logger.info({ err: error }, 'A transaction of a request is done again after a deadlock')
    },
  )
}
