import { Arg, Authorized, Ctx, ID, Int, Query, Resolver } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { SystemKind } from '../../domain/schema.js'
import type { Side } from '../../domain/value.js'
import type { ApiContext } from '../context.js'
import { SideEnum, SystemKindEnum } from '../enums.js'
import { findRecordStatuses, readRecordStatus } from './read-status.js'
import { RecordStatusType } from './record-status.type.js'

/** Why a record is, or is not, in sync. */
@Resolver()
export class RecordStatusResolver {
  @Authorized(Role.viewer)
  @Query(() => RecordStatusType, {
    description:
      'Why a record is, or is not, in sync: one reason, what it rests on, and what to call next. NOT_FOUND where no mapping takes part in the table; BAD_USER_INPUT where several connections or both sides have such a table and it is not said which is meant.',
  })
  async recordStatus(
    @Arg('system', () => SystemKindEnum, { description: 'The kind of system that holds the record.' })
    system: SystemKind,
    @Arg('table', () => String, {
      description: "The table's name in that system's API: customers, accounts.",
    })
    table: string,
    @Arg('id', () => ID, { description: "The system's own id of the record." }) id: string,
    @Arg('connection', () => String, {
      nullable: true,
      description: 'Name of the connection; needed where several take part in such a table.',
    })
    connection: string | null,
    @Arg('side', () => SideEnum, {
      nullable: true,
      description: 'Needed where both systems of the connection are of that kind and have such a table.',
    })
    side: Side | null,
    @Arg('fresh', () => Boolean, {
      nullable: true,
      description:
        'True: a worker looks at the record and its partner now. False: judged by what is stored. Left out: a worker looks where what is stored leaves the reason open.',
    })
    fresh: boolean | null,
    @Ctx() context: ApiContext,
  ): Promise<RecordStatusType> {
    return readRecordStatus(
      context,
      { system, table, id, connection: connection ?? null, side: side ?? null },
      fresh ?? null,
    )
  }

  @Authorized(Role.viewer)
  @Query(() => [RecordStatusType], {
    description:
      'The same of the records that a text finds: by number, by id, by the beginning of a name, by words of a name (each by its beginning). Coupled records, told as the local one, and uncoupled ones on which a run has failed. Judged by what is stored.',
  })
  async recordStatuses(
    @Arg('text', () => String) text: string,
    @Arg('first', () => Int, { defaultValue: 10, description: 'The best of them, at most 50.' })
    first: number,
    @Arg('mapping', () => String, { nullable: true, description: 'Of this mapping only.' })
    mapping: string | null,
    @Arg('connection', () => String, { nullable: true, description: 'Of this connection only.' })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<readonly RecordStatusType[]> {
    return findRecordStatuses(context, {
      text,
      first,
      mapping: mapping ?? null,
      connection: connection ?? null,
    })
  }
}
