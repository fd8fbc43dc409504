import type { EntityManager } from '@mikro-orm/postgresql'
import { randomUUID } from 'node:crypto'
import { sourceOf } from '../domain/mapping.js'
import { otherSide, Side, type Values } from '../domain/value.js'
import { type Intent } from '../persistence/queries/intents.js'
import { takeNumbers } from '../persistence/queries/number-series.js'
import type { ActivityDependencies } from './dependencies.js'
import type { MappingContext } from './mapping-context.js'
import type { DecidedRow } from './page-format.js'
import { partnerOf, undoWriteOf } from './undo-intent.js'
import { broughtKey, keyOf } from './taken-keys.js'
import type { WritePageInput } from './write-page.js'

export type PlannedIntent = Omit<Intent, 'sentAt' | 'unconditional' | 'answer'>

/** The intents of decided rows: one per write; a settlement has two. `ids`: chosen for creations, by source id. */
export async function planIntents(
  dependencies: ActivityDependencies,
  em: EntityManager,
  context: MappingContext,
  input: WritePageInput,
  rows: readonly DecidedRow[],
  ids: ReadonlyMap<string, string>,
): Promise<readonly PlannedIntent[]> {
  const sourceSide = sourceOf(input.pass)
  const destinationSide = otherSide(sourceSide)
  const deadline = dependencies.now() + dependencies.settings.requestDeadline
  const keys = {
    [Side.local]: await newKeys(em, context, Side.local, countCreations(rows, Side.local, destinationSide)),
    [Side.integration]: await newKeys(
      em,
      context,
      Side.integration,
      countCreations(rows, Side.integration, destinationSide),
    ),
  }
  const planned: PlannedIntent[] = []
  for (const row of rows) {
    const { decision } = row
    // Of a pair of which one side is gone, the survivor.
    const source = decision.outcome === 'undone' ? partnerOf(row) : (row.source ?? row.destination)
    if (source === null) continue
    const common = {
      runId: input.runId,
      jobId: input.jobId,
      pageId: input.pageId,
      couplingId: row.couplingId,
      sourceSide,
      sourceId: row.sourceId,
      source,
      decisionRow: decision.row === 'busy' || decision.row === 'refused' ? null : decision.row,
      before: null,
      deadline,
    }
    const creation = creationOf(row, destinationSide)
    const undo = undoWriteOf(row)
    if (creation !== null) {
      const { side, values } = creation
      const key = keys[side]?.of(values) ?? null
      planned.push({
        ...common,
        id: randomUUID(),
        kind: decision.outcome === 'inserted' ? 'CREATE' : 'RESTORE',
        side,
        recordId: key === null ? chosen(ids, row) : null,
        assignedKey: key,
        values: key === null ? values : withKey(context, side, values, key),
        version: null,
        lost: [],
      })
    } else if (undo !== null) {
      planned.push({ ...common, ...undo, id: randomUUID(), side: destinationSide })
    } else if (decision.outcome === 'deletedOther') {
      planned.push({
        ...common,
        id: randomUUID(),
        kind: 'DELETE',
        side: decision.side,
        recordId: source.id,
        assignedKey: null,
        values: {},
        before: source.values,
        version: decision.version,
        lost: [],
      })
    } else if (decision.outcome === 'modified') {
      for (const side of [destinationSide, sourceSide]) {
        const values = side === Side.local ? decision.writes.local : decision.writes.integration
        const record = side === sourceSide ? source : row.destination
        if (values === null || record === null) continue
        planned.push({
          ...common,
          id: randomUUID(),
          kind: 'UPDATE',
          side,
          recordId: record.id,
          assignedKey: null,
          values,
          before: heldIn(record.values, values),
          version: record.version,
          lost: decision.lost.filter((lost) => lost.side === side),
        })
      }
    }
  }
  return planned
}

function chosen(ids: ReadonlyMap<string, string>, row: DecidedRow): string {
  const id = ids.get(row.sourceId)
  if (id === undefined) throw new Error(`No id was chosen for the record created from ${row.sourceId}.`)
  return id
}

/** What a record holds in the fields that are written. */
function heldIn(held: Values, written: Values): Values {
  return Object.fromEntries(Object.keys(written).map((field) => [field, held[field] ?? null]))
}

/** The record that a decision creates; null: it creates none. */
export function creationOf(
  { decision }: DecidedRow,
  destinationSide: Side,
): { readonly side: Side; readonly values: Values } | null {
  if (decision.outcome === 'inserted') return { side: destinationSide, values: decision.values }
  if (decision.outcome === 'undone') {
    const { action } = decision.plan
    return action.kind === 'create' ? { side: destinationSide, values: action.values } : null
  }
  return decision.outcome === 'restored' ? { side: decision.side, values: decision.values } : null
}

function countCreations(rows: readonly DecidedRow[], side: Side, destinationSide: Side): number {
  return rows.filter((row) => creationOf(row, destinationSide)?.side === side).length
}

/** Keys for creations in a table whose system assigns ids; null where we choose the id. A key the source brings is kept. */
async function newKeys(em: EntityManager, context: MappingContext, side: Side, count: number) {
  const assigned = context.tables[side].assignedKey
  if (
    context.connectors[side].creation(context.tables[side]) === 'clientId' ||
    assigned === undefined ||
    count === 0
  )
    return null
  let number = await takeNumbers(em, context.mapping.id, side, count)
  return {
    of: (values: Values) => {
      const brought = broughtKey(context, side, values)
      if (brought !== null) return brought
      number += 1
      return keyOf(assigned, number - 1)
    },
  }
}

function withKey(context: MappingContext, side: Side, values: Values, key: string): Values {
  const field = context.tables[side].assignedKey?.field
  return field === undefined ? values : { ...values, [field]: key }
}
