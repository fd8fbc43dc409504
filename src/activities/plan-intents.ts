import type { EntityManager } from '@mikro-orm/postgresql'
import { randomUUID } from 'node:crypto'
import { sourceOf } from '../domain/settle.js'
import { otherSide, Side, type Values } from '../domain/value.js'
import { takeNumbers, type Intent } from '../persistence/queries/intents.js'
import type { ActivityDependencies } from './dependencies.js'
import type { MappingContext } from './mapping-context.js'
import type { DecidedRow } from './page-format.js'
import type { WritePageInput } from './write-page.js'

export type PlannedIntent = Omit<Intent, 'sentAt' | 'answer'>

/** The intents of decided rows: one per write; a settlement has two. */
export async function planIntents(
  dependencies: ActivityDependencies,
  em: EntityManager,
  context: MappingContext,
  input: WritePageInput,
  rows: readonly DecidedRow[],
): Promise<readonly PlannedIntent[]> {
  const sourceSide = sourceOf(input.pass)
  const destinationSide = otherSide(sourceSide)
  const deadline = dependencies.now() + dependencies.settings.requestDeadline
  const creations = rows.filter((row) => row.decision.outcome === 'inserted')
  const keys = await newKeys(em, context, destinationSide, creations.length)
  const planned: PlannedIntent[] = []
  for (const row of rows) {
    const { decision, source } = row
    if (source === null) continue
    const common = {
      runId: input.runId,
      jobId: input.jobId,
      pageId: input.pageId,
      couplingId: row.couplingId,
      sourceSide,
      sourceId: row.sourceId,
      source,
      deadline,
    }
    if (decision.outcome === 'inserted') {
      const key = keys?.next() ?? null
      planned.push({
        ...common,
        id: randomUUID(),
        kind: 'CREATE',
        side: destinationSide,
        recordId: key === null ? randomUUID() : null,
        assignedKey: key,
        values: key === null ? decision.values : withKey(context, destinationSide, decision.values, key),
        version: null,
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
          version: record.version,
          lost: decision.lost.filter((lost) => lost.side === side),
        })
      }
    }
  }
  return planned
}

/** Keys for creations in a table whose system assigns ids; null where we choose the id. A key the source brings is kept. */
async function newKeys(em: EntityManager, context: MappingContext, side: Side, count: number) {
  const assigned = context.tables[side].assignedKey
  if (context.connectors[side].creation === 'clientId' || assigned === undefined || count === 0) return null
  let number = await takeNumbers(em, context.mapping.id, side, count)
  return {
    next: () => {
      const key = `${assigned.prefix}${String(number).padStart(assigned.digits, '0')}`
      number += 1
      return key
    },
  }
}

function withKey(context: MappingContext, side: Side, values: Values, key: string): Values {
  const field = context.tables[side].assignedKey?.field
  return field === undefined ? values : { ...values, [field]: key }
}
