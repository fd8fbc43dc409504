import { Authorized, Ctx, Query, Resolver } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { ApiContext } from '../context.js'
import { gaugesOf } from './gauges.js'
import { GovernorGaugeType } from './governor-gauge.type.js'

@Resolver()
export class GovernorGaugeResolver {
  @Authorized(Role.viewer)
  @Query(() => [GovernorGaugeType], {
    description:
      'What is used up of the limits of the systems now, one for each application or user in whose name Accord has called during the last day.',
  })
  async governorGauges(@Ctx() { database }: ApiContext): Promise<readonly GovernorGaugeType[]> {
    return gaugesOf(database)
  }
}
