import { randomUUID } from 'node:crypto'
import type { LostValue } from '../domain/decision.js'
import { packPair, type PairBefore } from '../domain/pair-before.js'
import { sourceOf, type PassDirection } from '../domain/mapping.js'
import type { RecordSnapshot } from '../domain/record.js'
import { otherSide, Side, type Values } from '../domain/value.js'
import type { WriteKind, WriteRow } from '../domain/write.js'
import type { NewWrite } from '../persistence/queries/history.js'
import type { Intent } from '../persistence/queries/intents.js'
import { lostByDeletion } from './coupling-update.js'
import { nameOf, type MappingContext } from './mapping-context.js'
import type { DecidedRow } from './page-format.js'

/** A write as it is known where its outcome is recorded. */
export interface Written {
  /** The intent's. */
  readonly id: string
  readonly couplingId: string | null
  readonly side: Side
  readonly kind: WriteKind
  readonly row: WriteRow
  /** As sent; empty of a deletion. */
  readonly values: Values
  /** The record before; null: it was created. */
  readonly before: Pick<RecordSnapshot, 'values' | 'version'> | null
  /** The record after, as the system holds it; null: it was deleted. */
  readonly after: RecordSnapshot | null
  readonly lost: readonly LostValue[]
  /** The other record of the pair; null: there is none. */
  readonly other: RecordSnapshot | null
  /** Ids of both records; the written one's may be null where it was created. */
  readonly ids: Readonly<Record<Side, string | null>>
  readonly pair: PairBefore | null
}

/** The row of the history for a write: of each field what stood there, and what the system holds now. */
export function newWrite(context: MappingContext, written: Written): NewWrite {
  const { side, before, after, values, other } = written
  const fields = fieldsOf(context, written)
  const own = after ?? (before === null ? null : { ...before, id: '', stamp: 0 })
  const names = { [side]: nameOf(context.tables[side], own), [otherSide(side)]: null } as Record<
    Side,
    string | null
  >
  names[otherSide(side)] = nameOf(context.tables[otherSide(side)], other)
  const held = (field: string) => after?.values[field] ?? values[field] ?? null
  return {
    id: written.id,
    couplingId: written.couplingId,
    side,
    kind: written.kind,
    localId: written.ids.LOCAL,
    integrationId: written.ids.INTEGRATION,
    localName: names.LOCAL,
    integrationName: names.INTEGRATION,
    row: written.row,
    fields,
    before: before?.values ?? null,
    after: after === null ? null : Object.fromEntries(fields.map((field) => [field, held(field)])),
    lost: written.lost.map((lost) => lost.field),
    source: other?.values ?? null,
    pair: written.pair,
    versionBefore: known(before?.version),
    versionAfter: known(after?.version),
  }
}

/** Of a deletion all that the record held; of a creation the key that it was given as well. */
function fieldsOf(context: MappingContext, { side, kind, values, before }: Written): readonly string[] {
  if (kind === 'DELETE')
    return Object.keys(before?.values ?? {}).filter((field) => (before?.values[field] ?? null) !== null)
  const key = context.tables[side].assignedKey?.field
  const sent = Object.keys(values)
  return kind === 'CREATE' && key !== undefined && !(key in values) ? [...sent, key] : sent
}

/** An empty version stands for one that is not known. */
function known(version: string | undefined): string | null {
  return version === undefined || version === '' ? null : version
}

/** The writes of one record of a page that landed, for the history. `couplingId`: of the coupling that its creation made. */
export function writesOfRow(
  context: MappingContext,
  pass: PassDirection,
  row: DecidedRow,
  madeCouplingId: string | null,
): readonly NewWrite[] {
  const { decision, written } = row
  if (written === null || row.refused !== null) return []
  const sourceSide = sourceOf(pass)
  const destinationSide = otherSide(sourceSide)
  const read = { [sourceSide]: row.source, [destinationSide]: row.destination } as Record<
    Side,
    RecordSnapshot | null
  >
  const held = { [sourceSide]: written.source, [destinationSide]: written.destination } as Record<
    Side,
    RecordSnapshot | null
  >
  const ids = { [sourceSide]: row.sourceId, [destinationSide]: row.destinationId } as Record<
    Side,
    string | null
  >
  const write = (side: Side, index: number, rest: Pick<Written, 'kind' | 'values' | 'lost'>): NewWrite =>
    newWrite(context, {
      id: row.intentIds[index] ?? randomUUID(),
      couplingId: rest.kind === 'CREATE' ? madeCouplingId : row.couplingId,
      side,
      row: decision.row === 'busy' || decision.row === 'refused' ? 'settled' : decision.row,
      before: rest.kind === 'CREATE' ? null : read[side],
      after: rest.kind === 'DELETE' ? null : held[side],
      other: read[otherSide(side)],
      ids: rest.kind === 'CREATE' ? { ...ids, [side]: held[side]?.id ?? null } : ids,
      pair: index === 0 && rest.kind === 'UPDATE' ? pairOf(context, pass, side, row) : null,
      ...rest,
    })
  switch (decision.outcome) {
    case 'inserted':
      return [write(destinationSide, 0, { kind: 'CREATE', values: decision.values, lost: [] })]
    case 'restored':
      return [write(decision.side, 0, { kind: 'CREATE', values: decision.values, lost: [] })]
    case 'deletedOther': {
      const survivor = read[decision.side]
      const lost = survivor === null ? [] : lostByDeletion(context, decision.side, survivor)
      return [write(decision.side, 0, { kind: 'DELETE', values: {}, lost })]
    }
    case 'modified': {
      // In the order in which the intents were planned: the destination's first.
      const sides = [destinationSide, sourceSide].filter((side) => valuesFor(decision.writes, side) !== null)
      return sides.map((side, index) =>
        write(side, index, {
          kind: 'UPDATE',
          values: valuesFor(decision.writes, side) ?? {},
          lost: decision.lost.filter((lost) => lost.side === side),
        }),
      )
    }
    default:
      return []
  }
}

function valuesFor(
  writes: { readonly local: Values | null; readonly integration: Values | null },
  side: Side,
) {
  return side === Side.local ? writes.local : writes.integration
}

/** Of a scheduled decision, what it was made on. */
function pairOf(
  context: MappingContext,
  pass: PassDirection,
  side: Side,
  row: DecidedRow,
): PairBefore | null {
  const { source, destination, coupling, decision } = row
  if (source === null || destination === null || coupling === null || typeof decision.row !== 'number')
    return null
  const [local, integration] = sourceOf(pass) === Side.local ? [source, destination] : [destination, source]
  return packPair(context.definition, side, { pass, coupling, local, integration })
}

/**
 * A write that is recorded apart from its page: one half of a settlement, or one that was settled later. Of what was there before
 * the intent knows the fields it wrote.
 */
export function writeOfIntent(
  context: MappingContext,
  intent: Intent,
  after: RecordSnapshot | null,
  at: {
    readonly couplingId: string | null
    readonly ids: Readonly<Record<Side, string | null>>
    readonly other: RecordSnapshot | null
    readonly lost?: readonly LostValue[]
  },
): NewWrite {
  const isCreated = intent.kind === 'CREATE' || intent.kind === 'RESTORE'
  return newWrite(context, {
    id: intent.id,
    couplingId: at.couplingId,
    side: intent.side,
    kind: isCreated ? 'CREATE' : intent.kind === 'DELETE' ? 'DELETE' : 'UPDATE',
    row: intent.decisionRow ?? 'settled',
    values: intent.values,
    before: isCreated ? null : { values: intent.before ?? {}, version: intent.version ?? '' },
    after,
    lost: at.lost ?? intent.lost,
    other: at.other,
    ids: at.ids,
    pair: null,
  })
}
