import type { PlannedChange } from '../../domain/plan.js'
import { sourceOf } from '../../domain/settle.js'
import { Side, type Value } from '../../domain/value.js'
import { Connection } from '../../persistence/entities/connection.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import type { PlanItemRecord } from '../../persistence/entities/plan.js'
import { SynchRun } from '../../persistence/entities/synch-run.js'
import { tablesOfMapping } from '../../persistence/tables.js'
import type { ApiContext } from '../context.js'
import { lookupNames, type LookupNames } from './lookup-names.js'
import type { PlanItemType } from './plan.type.js'

/** How people call fields, and the records that lookups lead to. */
export interface Words {
  readonly caption: (side: Side, field: string) => string
  readonly nameOf: LookupNames
}

/** The words for the items of a plan with these changes. */
export async function wordsOf(
  context: ApiContext,
  planId: string,
  changes: readonly PlannedChange[],
): Promise<Words> {
  const run = await context.em.findOneOrFail(SynchRun, { id: planId }, { disableIdentityMap: true })
  const mapping = await context.em.findOneOrFail(Mapping, { id: run.mappingId }, { disableIdentityMap: true })
  const connection = await context.em.findOneOrFail(
    Connection,
    { id: mapping.connectionId },
    { disableIdentityMap: true },
  )
  const tables = await tablesOfMapping(context.em, connection, mapping.definition)
  return {
    caption: (side, field) =>
      tables[side].fields.find((candidate) => candidate.name === field)?.caption ?? field,
    nameOf: await lookupNames(context.em, connection.id, tables, changes),
  }
}

/** A stored item as the API shows it. */
export function itemType(record: PlanItemRecord, { caption, nameOf }: Words): PlanItemType {
  const { item } = record
  const [localId, integrationId] =
    sourceOf(item.direction) === Side.local
      ? [item.sourceId, item.destinationId]
      : [item.destinationId, item.sourceId]
  return {
    number: record.number,
    action: item.action,
    direction: item.direction,
    decisionRow: item.row,
    localId,
    integrationId,
    localName: record.localName ?? null,
    integrationName: record.integrationName ?? null,
    couplingId: item.couplingId,
    couples: item.couples,
    changes: item.changes.map((change) => ({
      side: change.side,
      field: change.field,
      caption: caption(change.side, change.field),
      before: textOf(change.before),
      after: textOf(change.after),
      beforeName: nameOf(change, change.before),
      afterName: nameOf(change, change.after),
    })),
    failure: item.failure,
    refused: record.refused,
  }
}

function textOf(value: Value): string | null {
  return value === null ? null : String(value)
}
