import { integrationRecordTaken, localRecordTaken } from '../domain/couple.js'
import { decide } from '../domain/decide.js'
import type { ReadById, RecordSnapshot } from '../domain/record.js'
import type { RunScope } from '../domain/run.js'
import { sourceOf } from '../domain/settle.js'
import { assertNever, otherSide, Side } from '../domain/value.js'
import { couplingsOfRecords, type PartnerCoupling } from '../persistence/queries/partners.js'
import { openIntents } from '../persistence/queries/open-intents.js'
import { type DecideRowsInput } from './decide-rows.js'
import { couplingTarget } from './coupling-update.js'
import { isInFilter } from './mapping-context.js'
import { nameOf, transferContext, type MappingContext } from './mapping-context.js'
import { busy, notApplicable, type DecidedRow, type EngineDecision, type PageRow } from './page-format.js'

type CoupleScope = Extract<RunScope, { readonly kind: 'couple' }>

/** A source record, the record it is to be coupled with, and the couplings that either has now. */
interface GivenPair {
  readonly row: PageRow
  readonly partnerId: string
  readonly partner: ReadById | undefined
  readonly own: PartnerCoupling | null
  readonly theirs: PartnerCoupling | null
}

/**
 * Decides the pairs that a person couples. Both records must be there, inside their filters, and free; a coupling whose other
 * record is gone gives way, any other one only where he says so. The rules of matching are not asked.
 */
export async function decideGivenPairs(
  context: MappingContext,
  input: DecideRowsInput,
  scope: CoupleScope,
): Promise<readonly DecidedRow[]> {
  const side = sourceOf(input.pass)
  const pairs = await readPairs(context, input, scope)
  const open = await openIntents(context.em, couplingTarget(context), input.pageId)
  const isBusy = ({ row, partnerId, own, theirs }: GivenPair): boolean =>
    !input.claimed.has(row.id) ||
    open.records.has(`${side}:${row.id}`) ||
    open.records.has(`${otherSide(side)}:${partnerId}`) ||
    [own, theirs].some((coupling) => coupling !== null && open.couplings.has(coupling.id))
  const bereft = scope.recouple ? new Set<string>() : await bereftCouplings(context, pairs)
  const records = pairs.flatMap(({ row, partner }) =>
    row.read.kind === 'found' && partner?.kind === 'found'
      ? [{ source: row.read.record, partner: partner.record }]
      : [],
  )
  const [sources, partners] = [records.map(({ source }) => source), records.map(({ partner }) => partner)]
  const transfer = await transferContext(
    context,
    side === Side.local
      ? { local: sources, integration: partners }
      : { local: partners, integration: sources },
  )
  return pairs.map((pair): DecidedRow => {
    const { row, partner, own, theirs } = pair
    const source = row.read.kind === 'found' ? row.read.record : null
    const destination = partner?.kind === 'found' ? partner.record : null
    const same = own !== null && own.id === theirs?.id ? own : null
    const inTheWay = same === null ? [own, theirs].filter((coupling) => coupling !== null) : []
    const decideOne = (): EngineDecision => {
      if (isBusy(pair)) return busy()
      const problem = problemOf(context, side, pair)
      if (problem !== null) return notApplicable(problem)
      if (source === null || destination === null)
        throw new Error(`A record of the pair ${row.id} is missing.`)
      if (same?.isMet === true) return notApplicable('These two records are coupled with each other already.')
      const kept = inTheWay.find((coupling) => !scope.recouple && !bereft.has(coupling.id))
      if (kept !== undefined) return notApplicable(occupied(context, side, source, destination, kept))
      const decision = decide({
        mapping: context.definition,
        pass: input.pass,
        mode: { kind: 'given', synchronize: scope.synchronize },
        source: { kind: 'found', record: source },
        destination: { kind: 'notRead' },
        coupling: null,
        skipped: false,
        inFilter: true,
        unread: false,
        match: { kind: 'one', partner: destination },
        context: transfer,
        clocks: input.clocks,
      })
      return same === null ? decision : { ...decision, partner: null }
    }
    return {
      sourceId: row.id,
      origin: row.origin,
      source,
      destination,
      destinationId: pair.partnerId,
      couplingId: same?.id ?? null,
      couplingRevision: same?.revision ?? null,
      coupling: null,
      state: null,
      decision: decideOne(),
      written: null,
      refused: null,
      intentIds: [],
      replaces: inTheWay.map((coupling) => coupling.id),
    }
  })
}

async function readPairs(
  context: MappingContext,
  input: DecideRowsInput,
  scope: CoupleScope,
): Promise<readonly GivenPair[]> {
  const side = sourceOf(input.pass)
  const other = otherSide(side)
  const partnerOf = new Map(
    scope.pairs.map(({ localId, integrationId }) =>
      side === Side.local ? [localId, integrationId] : [integrationId, localId],
    ),
  )
  const rows = input.rows.flatMap((row) => {
    const partnerId = partnerOf.get(row.id)
    return partnerId === undefined ? [] : [{ row, partnerId }]
  })
  const ids = rows.map(({ partnerId }) => partnerId)
  const [reads, owns, theirs] = await Promise.all([
    context.connectors[other].readByIds(context.tables[other], context.fields[other], ids),
    couplingsOf(
      context,
      side,
      rows.map(({ row }) => row.id),
    ),
    couplingsOf(context, other, ids),
  ])
  return rows.map(({ row, partnerId }, index) => ({
    row,
    partnerId,
    partner: reads[index],
    own: owns.get(row.id) ?? null,
    theirs: theirs.get(partnerId) ?? null,
  }))
}

/** By the id of the record on that side. */
export async function couplingsOf(
  context: MappingContext,
  side: Side,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PartnerCoupling>> {
  const found = await couplingsOfRecords(
    context.em,
    { connectionId: context.connection.id, side, name: context.tables[side].name },
    ids,
  )
  return new Map(
    found.map((coupling) => [side === Side.local ? coupling.localId : coupling.integrationId, coupling]),
  )
}

/** Couplings in the way of a pair whose other record is gone: they hold a place for nobody. */
async function bereftCouplings(
  context: MappingContext,
  pairs: readonly GivenPair[],
): Promise<ReadonlySet<string>> {
  const inTheWay = pairs.flatMap(({ own, theirs }) =>
    own?.id === theirs?.id ? [] : [own, theirs].filter((coupling) => coupling !== null),
  )
  const gone = new Set<string>()
  for (const side of [Side.local, Side.integration]) {
    const table = context.tables[side]
    const here = inTheWay.filter(
      (coupling) => (side === Side.local ? coupling.localTable : coupling.integrationTable) === table.name,
    )
    if (here.length === 0) continue
    const reads = await context.connectors[side].readByIds(
      table,
      [table.nameField],
      here.map((coupling) => (side === Side.local ? coupling.localId : coupling.integrationId)),
    )
    for (const [index, coupling] of here.entries()) if (reads[index]?.kind === 'gone') gone.add(coupling.id)
  }
  return gone
}

/** Why the pair cannot be coupled whatever is coupled now; null: nothing of the kind. */
function problemOf(
  context: MappingContext,
  side: Side,
  { row, partner, partnerId }: GivenPair,
): string | null {
  return (
    unfit(context, side, row.id, row.read) ??
    unfit(context, otherSide(side), partnerId, partner ?? { kind: 'gone', id: partnerId })
  )
}

/** Why a record cannot be coupled with any other: it is gone, not to be read, or outside its filter; null: it can. */
export function unfit(
  context: MappingContext,
  side: Side,
  id: string,
  read: PageRow['read'] | ReadById,
): string | null {
  const table = context.tables[side]
  switch (read.kind) {
    case 'gone':
      return `There is no ${table.caption} record ${id}.`
    case 'forbidden':
      return `The integration user may not read the ${table.caption} record ${id}: ${read.message}`
    case 'found':
      return isInFilter(context, side, read.record)
        ? null
        : `The ${table.caption} record ${nameOf(table, read.record) ?? id} lies outside the filter of the mapping ${context.mapping.name}, so it cannot be coupled.`
    default:
      return assertNever(read)
  }
}

/** Business Central's words for a record that is not free. */
export function occupied(
  context: MappingContext,
  side: Side,
  source: RecordSnapshot,
  destination: RecordSnapshot,
  by: PartnerCoupling,
): string {
  const local = side === Side.local ? source : destination
  const table = context.tables[Side.local]
  const { caption } = context.tables[Side.integration]
  const localName = `${table.caption}: ${nameOf(table, local) ?? local.id}`
  return by.localId === local.id
    ? localRecordTaken(localName, caption)
    : integrationRecordTaken(localName, caption, `${table.caption}: ${by.localName ?? by.localId}`)
}
