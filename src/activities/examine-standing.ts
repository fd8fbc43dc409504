import { previewFields } from '../domain/coupling-preview.js'
import type { ExaminationInput, ExaminedStanding } from '../domain/examination.js'
import { failingClause } from '../domain/filter-clause.js'
import type { ReadById } from '../domain/record.js'
import { otherSide, Side } from '../domain/value.js'
import { CLOCK_ERROR } from '../domain/watermark.js'
import { couplingsById } from '../persistence/queries/couplings.js'
import { couplingsOf } from './decide-pairs.js'
import { readOne } from './examine-pair.js'
import { nameOf, transferContext, typeOf, type MappingContext } from './mapping-context.js'

/** Whether a record is there, inside the filter of its side, and in agreement with its partner. */
export async function examineStanding(
  context: MappingContext,
  { side, id }: Extract<ExaminationInput, { readonly kind: 'record' }>,
): Promise<ExaminedStanding> {
  const [read, own] = await Promise.all([readOne(context, side, id), couplingsOf(context, side, [id])])
  const held = own.get(id) ?? null
  const coupling = held?.mappingId === context.mapping.id ? held : null
  const other = otherSide(side)
  const partnerId = coupling === null ? null : side === Side.local ? coupling.integrationId : coupling.localId
  const partner = partnerId === null ? null : await readOne(context, other, partnerId)
  const record = read.kind === 'found' ? read.record : null
  const { localFilter, integrationFilter } = context.definition
  return {
    kind: 'record',
    presence: read.kind === 'found' ? 'FOUND' : read.kind === 'gone' ? 'GONE' : 'FORBIDDEN',
    message: read.kind === 'forbidden' ? read.message : null,
    name: nameOf(context.tables[side], record),
    version: record?.version ?? null,
    stamp: record?.stamp ?? null,
    clause:
      record === null
        ? null
        : failingClause(
            side === Side.local ? localFilter : integrationFilter,
            record.values,
            typeOf(context.tables[side]),
          ),
    partner:
      partnerId === null || partner === null
        ? null
        : {
            id: partnerId,
            found: partner.kind === 'found',
            version: partner.kind === 'found' ? partner.record.version : null,
            stamp: partner.kind === 'found' ? partner.record.stamp : null,
          },
    changed:
      coupling === null || partner === null
        ? null
        : await changedFields(context, coupling.id, side, read, partner),
  }
}

async function changedFields(
  context: MappingContext,
  couplingId: string,
  side: Side,
  read: ReadById,
  partner: ReadById,
): Promise<ExaminedStanding['changed']> {
  if (read.kind !== 'found' || partner.kind !== 'found') return null
  const [local, integration] =
    side === Side.local ? [read.record, partner.record] : [partner.record, read.record]
  const [coupling] = await couplingsById(context.em, [couplingId])
  if (coupling === undefined) return null
  const { fields } = previewFields({
    mapping: context.definition,
    context: await transferContext(context, { local: [local], integration: [integration] }),
    clocks: { offsets: { [Side.local]: null, [Side.integration]: null }, error: CLOCK_ERROR },
    local,
    integration,
    coupling,
  })
  return {
    [Side.local]: fields.filter((field) => field.localChanged).map((field) => field.name),
    [Side.integration]: fields.filter((field) => field.integrationChanged).map((field) => field.name),
  }
}
