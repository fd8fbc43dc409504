import { gaugeOf } from '../../domain/governor-gauge.js'
import type { Database } from '../../persistence/database.js'
import { governedPrincipals } from '../../persistence/governor.js'
import type { GovernorGaugeType } from './governor-gauge.type.js'

/** What is used up of the limits of the systems now. */
export async function gaugesOf(database: Database): Promise<readonly GovernorGaugeType[]> {
  const { principals, now } = await governedPrincipals(database)
  return principals.map(({ endpoint, principal, state }) => {
    const { window, requests, execution, concurrency, lanes, blockedUntil } = gaugeOf(state, now)
    return {
      endpoint,
      principal,
      windowMilliseconds: window,
      requests,
      executionMilliseconds: execution,
      concurrency,
      lanes,
      blockedUntil: blockedUntil === null ? null : new Date(blockedUntil),
    }
  })
}
