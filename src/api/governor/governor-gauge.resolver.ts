import { Authorized, Ctx, Query, Resolver } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { gaugeOf } from '../../domain/governor-gauge.js'
import { governedPrincipals } from '../../persistence/governor.js'
import type { ApiContext } from '../context.js'
import { GovernorGaugeType } from './governor-gauge.type.js'

@Resolver()
export class GovernorGaugeResolver {
  @Authorized(Role.viewer)
  @Query(() => [GovernorGaugeType], {
    description:
      'What is used up of the limits of the systems now, one for each application or user in whose name Accord has called during the last day.',
  })
  async governorGauges(@Ctx() { database }: ApiContext): Promise<readonly GovernorGaugeType[]> {
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
}
