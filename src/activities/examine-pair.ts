import { previewChoices, previewFields, type PreviewedPair } from '../domain/coupling-preview.js'
import type { ExaminationInput, ExaminedPair, ExaminedRecord } from '../domain/examination.js'
import type { ReadById } from '../domain/record.js'
import { Side } from '../domain/value.js'
import { CLOCK_ERROR } from '../domain/watermark.js'
import { couplingsById } from '../persistence/queries/couplings.js'
import type { PartnerCoupling } from '../persistence/queries/partners.js'
import { couplingsOf, occupied, unfit } from './decide-pairs.js'
import { nameOf, transferContext, type MappingContext } from './mapping-context.js'
import { readModifier } from './read-modifiers.js'

/** Both records as they are, who holds them now, and what each choice would write. */
export async function examinePair(
  context: MappingContext,
  { localId, integrationId, who }: Extract<ExaminationInput, { readonly kind: 'pair' }>,
): Promise<ExaminedPair> {
  const [local, integration, own, theirs] = await Promise.all([
    readOne(context, Side.local, localId),
    readOne(context, Side.integration, integrationId),
    couplingsOf(context, Side.local, [localId]),
    couplingsOf(context, Side.integration, [integrationId]),
  ])
  const [held, holding] = [own.get(localId) ?? null, theirs.get(integrationId) ?? null]
  const same = held !== null && held.id === holding?.id ? held : null
  const modifiers =
    who === true
      ? await Promise.all([
          readModifier(context, Side.local, localId),
          readModifier(context, Side.integration, integrationId),
        ])
      : null
  const shown = {
    kind: 'pair' as const,
    local: {
      ...examined(context, Side.local, localId, local, held),
      ...(modifiers && { modifiedBy: modifiers[0] }),
    },
    integration: {
      ...examined(context, Side.integration, integrationId, integration, holding),
      ...(modifiers && { modifiedBy: modifiers[1] }),
    },
    couplingId: same?.id ?? null,
  }
  const problem = shown.local.problem ?? shown.integration.problem
  if (local.kind !== 'found' || integration.kind !== 'found')
    return { ...shown, problem, detail: null, choices: [] }
  const inTheWay = same === null ? (held ?? holding) : null
  const [coupling] = same === null ? [] : await couplingsById(context.em, [same.id])
  const pair: PreviewedPair = {
    mapping: context.definition,
    context: await transferContext(context, { local: [local.record], integration: [integration.record] }),
    // Only a run measures the clocks, so newest wins is shown as what it is where they cannot tell.
    clocks: { offsets: { [Side.local]: null, [Side.integration]: null }, error: CLOCK_ERROR },
    local: local.record,
    integration: integration.record,
    coupling: coupling ?? null,
  }
  return {
    ...shown,
    problem:
      problem ??
      (inTheWay === null ? null : occupied(context, Side.local, local.record, integration.record, inTheWay)),
    detail: previewFields(pair),
    choices: previewChoices(pair),
  }
}

export async function readOne(context: MappingContext, side: Side, id: string): Promise<ReadById> {
  const [read] = await context.connectors[side].readByIds(context.tables[side], context.fields[side], [id])
  return read ?? { kind: 'gone', id }
}

export function examined(
  context: MappingContext,
  side: Side,
  id: string,
  read: ReadById,
  coupling: PartnerCoupling | null,
): ExaminedRecord {
  const record = read.kind === 'found' ? read.record : null
  const isLocal = side === Side.local
  return {
    id,
    found: record !== null,
    problem: unfit(context, side, id, read),
    name: nameOf(context.tables[side], record),
    version: record?.version ?? null,
    stamp: record?.stamp ?? null,
    heldBy:
      coupling === null
        ? null
        : {
            couplingId: coupling.id,
            partnerId: isLocal ? coupling.integrationId : coupling.localId,
            partnerName: isLocal ? coupling.integrationName : coupling.localName,
          },
  }
}
