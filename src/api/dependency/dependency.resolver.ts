import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { Soon } from '../relation.js'
import type { ApiContext } from '../context.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { dependencyGroups } from './dependency-groups.js'
import { DependencyGroupType } from './dependency.type.js'

@Resolver(() => DependencyGroupType)
export class DependencyResolver {
  @Authorized(Role.viewer)
  @Query(() => [DependencyGroupType], {
    description: 'What records wait for, the most waited for first: 138 contacts wait for 1 account.',
  })
  async dependencyGroups(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: 'At most 500.' }) first: number,
    @Arg('mapping', () => String, { nullable: true, description: 'Name of the mapping whose records wait.' })
    mapping: string | null,
    @Arg('connection', () => String, { nullable: true, description: 'Name of the connection.' })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<readonly DependencyGroupType[]> {
    return dependencyGroups(context, { mapping, connection }, first)
  }

  @FieldResolver(() => IntegrationTableMappingType, { description: 'The mapping whose records wait.' })
  mapping(@Root() group: DependencyGroupType, @Ctx() { loaders }: ApiContext): Soon<Mapping | null> {
    return loaders.mapping.get(group.mappingId)
  }
}
