import { defineEntity, p } from '@mikro-orm/core'
import type { PassDirection } from '../../domain/mapping.js'
import type { PlanAction, PlanItem } from '../../domain/plan.js'

/** What carrying out a plan would cost, from its items. */
export interface PlanEstimate {
  /** Calls to each system: reading the records again, and writing. */
  readonly localCalls: number
  readonly integrationCalls: number
  /** At the rate of the mapping's latest jobs; null: there are none to go by. */
  readonly seconds: number | null
}

const PlanSchema = defineEntity({
  name: 'Plan',
  tableName: 'plan',
  properties: {
    /** The run that made it; a plan has no other id. */
    runId: p.uuid().primary(),
    /** Of all its items, hexadecimal; null until it is complete. */
    hash: p.text().nullable(),
    estimate: p.json().$type<PlanEstimate>().nullable(),
    appliedByRun: p.uuid().nullable(),
    createdAt: p.datetime(3),
  },
})

/** What a run would do, record by record. */
export class Plan extends PlanSchema.class {}
PlanSchema.setClass(Plan)

const PlanItemSchema = defineEntity({
  name: 'PlanItemRecord',
  tableName: 'plan_item',
  properties: {
    planId: p.uuid().primary(),
    number: p.integer().primary(),
    /** The page it was decided in. */
    pageId: p.uuid(),
    direction: p.text().$type<PassDirection>(),
    action: p.text().$type<PlanAction>(),
    sourceId: p.text(),
    destinationId: p.text().nullable(),
    couplingId: p.uuid().nullable(),
    localName: p.text().nullable(),
    integrationName: p.text().nullable(),
    /** Hash of the item's key: equal when the same would be done on the same versions. */
    keyHash: p.text(),
    item: p.json().$type<PlanItem>(),
    /** Applying the plan left it alone: the record was no longer as it was planned. */
    refused: p.boolean(),
  },
})

/** One record of a plan. */
export class PlanItemRecord extends PlanItemSchema.class {}
PlanItemSchema.setClass(PlanItemRecord)
