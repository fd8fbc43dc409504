import { Arg, Authorized, Ctx, ID, Int, Query, Resolver } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { Side } from '../../domain/value.js'
import { CouplingRecord } from '../../persistence/entities/coupling.js'
import type { ApiContext } from '../context.js'
import { AFTER_ARGUMENT, CONNECTION_ARGUMENT, FIRST_ARGUMENT, NAME_ARGUMENT } from '../descriptions.js'
import { SideEnum } from '../enums.js'
import { apiError, badUserInput, ErrorCode } from '../errors.js'
import { parseId } from '../identifiers.js'
import { findMapping } from '../mapping/find-mapping.js'
import type { Page } from '../paging/connection.type.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { recordIdsOf } from '../record/record-ids.js'
import { readTimeline, timelineKey } from './read-timeline.js'
import { TimelineConnection, TimelineEntryType } from './timeline.type.js'

/** What happened to a record. */
@Resolver()
export class TimelineResolver {
  @Authorized(Role.viewer)
  @Query(() => TimelineConnection, {
    description:
      'Everything that happened to a record in a mapping, the latest first: what was written, by whom and on what that was decided, what people chose, failures, skips. By its coupling, or by side and id; a coupled record is told with its partner.',
  })
  async recordTimeline(
    @Arg('mapping', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('couplingId', () => ID, {
      nullable: true,
      description: 'Of a coupling that was removed since, ask by side and id.',
    })
    couplingId: string | null | undefined,
    @Arg('side', () => SideEnum, { nullable: true, description: 'In place of couplingId, with id.' })
    side: Side | null | undefined,
    @Arg('id', () => ID, { nullable: true, description: "The system's own id of the record." })
    id: string | null | undefined,
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<Page<TimelineEntryType>> {
    const { em } = context
    const mapping = await findMapping(em, name, connection)
    const [given, own, recordId] = [couplingId ?? null, side ?? null, id ?? null]
    if ((given === null) === (own === null) || (own === null) !== (recordId === null)) {
      throw badUserInput([{ argument: 'couplingId', message: 'Expected either couplingId, or side and id.' }])
    }
    const single =
      own === null || recordId === null
        ? null
        : { side: own, id: (await recordIdsOf(em, mapping)).one(own, recordId, 'id') }
    const coupling = await em.findOne(
      CouplingRecord,
      single === null
        ? { id: parseId(given ?? '', 'couplingId'), mappingId: mapping.id }
        : {
            mappingId: mapping.id,
            ...(single.side === Side.local ? { localId: single.id } : { integrationId: single.id }),
          },
      { disableIdentityMap: true },
    )
    // Of one that was removed nothing tells where it was; what is left of it is looked for in this mapping alone.
    if (
      coupling === null &&
      given !== null &&
      (await em.count(CouplingRecord, { id: given.toLowerCase() })) > 0
    )
      throw apiError(ErrorCode.notFound, `There is no coupling ${given} in the mapping ${mapping.name}.`)
    const key = timelineKey(mapping, coupling, single)
    // Of a coupling that was removed, what people decided about it is still known.
    return readTimeline(
      context,
      coupling === null && given !== null ? { ...key, couplingId: given.toLowerCase() } : key,
      { first, after },
    )
  }
}
