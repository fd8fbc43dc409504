import { sourceOf } from '../domain/settle.js'
import { otherSide, Side } from '../domain/value.js'
import { couplingsByRecord, type StoredCoupling } from '../persistence/queries/couplings.js'
import { openIntents } from '../persistence/queries/open-intents.js'
import { type DecideRowsInput } from './decide-rows.js'
import { couplingTarget } from './coupling-update.js'
import { isInFilter } from './mapping-context.js'
import { nameOf, type MappingContext } from './mapping-context.js'
import { matchRows } from './match-rows.js'
import { busy, notApplicable, type DecidedRow, type EngineDecision } from './page-format.js'
import { idOn } from './read-rows.js'

/**
 * Decides couplings of which one side is gone: the survivor is given to the one free record that matches it. Each pass looks at
 * the couplings that lack its destination; what lacks nothing, or both, is told by the first. Nothing is written.
 */
export async function decideRepairs(
  context: MappingContext,
  input: DecideRowsInput,
): Promise<readonly DecidedRow[]> {
  const side = sourceOf(input.pass)
  const other = otherSide(side)
  const tells = side === Side.local
  const couplings = new Map<string, StoredCoupling>()
  for (const coupling of await couplingsByRecord(
    context.em,
    context.mapping.id,
    side,
    input.rows.map((row) => row.id),
  ))
    couplings.set(idOn(coupling, side), coupling)
  const rows = input.rows.flatMap((row) => {
    const coupling = couplings.get(row.id)
    return coupling === undefined ? [] : [{ row, coupling }]
  })
  const reads = await context.connectors[other].readByIds(
    context.tables[other],
    context.fields[other],
    rows.map(({ coupling }) => idOn(coupling, other)),
  )
  const open = await openIntents(context.em, couplingTarget(context), input.pageId)
  const seen = rows.map((entry, index) => ({ ...entry, opposite: reads[index]?.kind ?? 'gone' }))
  const survivors = seen.flatMap(({ row, opposite }) =>
    opposite === 'gone' && row.read.kind === 'found' && isInFilter(context, side, row.read.record)
      ? [row.read.record]
      : [],
  )
  const matches = await matchRows(context, side, survivors, open)
  return seen.flatMap(({ row, coupling, opposite }): DecidedRow[] => {
    const source = row.read.kind === 'found' ? row.read.record : null
    const match = matches.get(row.id)
    const partner = match?.kind === 'one' ? match.partner : null
    const { caption } = context.tables[other]
    const decideOne = (): EngineDecision | null => {
      if (row.read.kind === 'forbidden' || opposite === 'forbidden')
        return tells ? notApplicable('The integration user may not read one of the two records.') : null
      if (source !== null && opposite === 'found')
        return tells ? notApplicable('Both records exist, so there is nothing to repair.') : null
      if (source === null && opposite === 'gone')
        return tells ? notApplicable('Both records are gone; the next run removes the coupling.') : null
      if (source === null) return null
      if (!input.claimed.has(row.id) || open.couplings.has(coupling.id)) return busy()
      if (match === undefined)
        return notApplicable(
          `${nameOf(context.tables[side], source) ?? row.id} lies outside the filter of the mapping.`,
        )
      switch (match.kind) {
        case 'busy':
          return busy()
        case 'several':
          return notApplicable(match.failure.message)
        case 'none':
          return notApplicable(
            `No free ${caption} record matches ${nameOf(context.tables[side], source) ?? row.id}, so the coupling was left as it is.`,
          )
        case 'one':
          return { row: 'coupling', partner: match.partner.id, outcome: 'coupled' }
      }
    }
    const decision = decideOne()
    if (decision === null) return []
    const repairs = decision.outcome === 'coupled'
    return [
      {
        sourceId: row.id,
        origin: row.origin,
        source,
        destination: partner,
        destinationId: repairs ? (partner?.id ?? null) : idOn(coupling, other),
        couplingId: repairs ? null : coupling.id,
        couplingRevision: repairs ? null : coupling.revision,
        coupling: null,
        state: null,
        decision,
        written: null,
        refused: null,
        intentIds: [],
        replaces: repairs ? [coupling.id] : [],
      },
    ]
  })
}
