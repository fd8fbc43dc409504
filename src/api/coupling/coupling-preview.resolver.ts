import { Arg, Authorized, Ctx, ID, Query, Resolver } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { Side } from '../../domain/value.js'
import type { ApiContext } from '../context.js'
import { CONNECTION_ARGUMENT, NAME_ARGUMENT } from '../descriptions.js'
import { SideEnum } from '../enums.js'
import { badUserInput } from '../errors.js'
import { recordIdsOf } from '../record/record-ids.js'
import { findMapping } from '../mapping/find-mapping.js'
import { CouplingCandidatesType, CouplingPreviewType, FoundRecordsType } from './coupling-preview.type.js'
import { couplingCandidates, couplingPreview, findRecords } from './examine-records.js'

const LOOKS =
  'A worker looks at the systems, which takes a moment. SYSTEM_FAILURE where one cannot be read; ENGINE_UNAVAILABLE without a worker.'

/** The most characters that are searched for. */
const LONGEST_TEXT = 80

/** Throws BAD_USER_INPUT. */
function readText(text: string): string {
  const searched = text
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
  if (searched === '' || searched.length > LONGEST_TEXT)
    throw badUserInput([
      { argument: 'text', message: `Expected 1 to ${LONGEST_TEXT} characters, got ${searched.length}.` },
    ])
  return searched
}

/** Looking before acting: nothing is changed. */
@Resolver()
export class CouplingPreviewResolver {
  @Authorized(Role.viewer)
  @Query(() => CouplingPreviewType, {
    description: `Two records side by side: both values of every mapped field, who is coupled with whom, and what each choice would write. ${LOOKS}`,
  })
  async couplingPreview(
    @Arg('mapping', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('localId', () => ID, { description: 'Id of the local record.' }) localId: string,
    @Arg('integrationId', () => ID, { description: 'Id of the record of the integration table.' })
    integrationId: string,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<CouplingPreviewType> {
    const mapping = await findMapping(context.em, name, connection)
    const ids = await recordIdsOf(context.em, mapping)
    return couplingPreview(
      context,
      mapping,
      ids.one(Side.local, localId, 'localId'),
      ids.one(Side.integration, integrationId, 'integrationId'),
    )
  }

  @Authorized(Role.viewer)
  @Query(() => CouplingCandidatesType, {
    description: `The records of the other side that the match rules find for a record, rule by rule. ${LOOKS}`,
  })
  async couplingCandidates(
    @Arg('mapping', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('side', () => SideEnum, { description: 'The side of the record given.' }) side: Side,
    @Arg('id', () => ID) id: string,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<CouplingCandidatesType> {
    const mapping = await findMapping(context.em, name, connection)
    const ids = await recordIdsOf(context.em, mapping)
    return couplingCandidates(context, mapping, side, ids.one(side, id, 'id'))
  }

  @Authorized(Role.viewer)
  @Query(() => FoundRecordsType, {
    description: `Records of one side of a mapping by name, number, or a field that its match rules compare, whether they are coupled or not. ${LOOKS}`,
  })
  async findRecords(
    @Arg('mapping', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('side', () => SideEnum) side: Side,
    @Arg('text', () => String, {
      description: `Part of a text, without case; at most ${LONGEST_TEXT} characters.`,
    })
    text: string,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<FoundRecordsType> {
    const mapping = await findMapping(context.em, name, connection)
    return findRecords(context, mapping, side, readText(text))
  }
}
