import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql'
import type { Side } from '../../domain/value.js'
import type { ApiContext } from '../context.js'
import { CONNECTION_ARGUMENT, NAME_ARGUMENT } from '../descriptions.js'
import { SideEnum } from '../enums.js'
import { parseId } from '../identifiers.js'
import { findMapping } from '../mapping/find-mapping.js'
import { CouplingCandidatesType, CouplingPreviewType } from './coupling-preview.type.js'
import { couplingCandidates, couplingPreview } from './examine-records.js'

const LOOKS =
  'A worker looks at the systems, which takes a moment. SYSTEM_FAILURE where one cannot be read; ENGINE_UNAVAILABLE without a worker.'

/** Looking before acting: nothing is changed. */
@Resolver()
export class CouplingPreviewResolver {
  @Query(() => CouplingPreviewType, {
    description: `Two records side by side: both values of every mapped field, who is coupled with whom, and what each choice would write. ${LOOKS}`,
  })
  async couplingPreview(
    @Arg('mapping', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('localId', () => ID, { description: "Id of Business Central's record." }) localId: string,
    @Arg('integrationId', () => ID, { description: 'Id of the record of the integration table.' })
    integrationId: string,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<CouplingPreviewType> {
    const [local, integration] = [parseId(localId, 'localId'), parseId(integrationId, 'integrationId')]
    return couplingPreview(context, await findMapping(context.em, name, connection), local, integration)
  }

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
    const parsed = parseId(id, 'id')
    return couplingCandidates(context, await findMapping(context.em, name, connection), side, parsed)
  }
}
