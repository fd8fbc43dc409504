import { defineEntity, p } from '@mikro-orm/core'
import type { FieldDifference, ReconciliationStatus, Verdict } from '../../domain/reconcile.js'
import type { Repair, RepairAction, RepairKeep } from '../../domain/reconcile-repair.js'

const ReconciliationSchema = defineEntity({
  name: 'Reconciliation',
  tableName: 'reconciliation',
  properties: {
    id: p.uuid().primary(),
    mappingId: p.uuid(),
    /** The version of the mapping that it goes by. */
    mappingVersion: p.integer(),
    status: p.text().$type<ReconciliationStatus>(),
    requestedBy: p.text(),
    requestedAt: p.datetime(3),
    startedAt: p.datetime(3).nullable(),
    finishedAt: p.datetime(3).nullable(),
    pausedAt: p.datetime(3).nullable(),
    message: p.text().nullable(),
    workflowId: p.text(),
    workflowRunId: p.text().nullable(),
    /** Pages of a table that were compared; a step is done once. */
    localStep: p.integer(),
    localNext: p.text().nullable(),
    localDone: p.boolean(),
    localRecords: p.integer(),
    integrationStep: p.integer(),
    integrationNext: p.text().nullable(),
    integrationDone: p.boolean(),
    integrationRecords: p.integer(),
    /** Pairs that were read by id, in order of their couplings' ids. */
    examineStep: p.integer(),
    examinedAfter: p.uuid().nullable(),
    examined: p.integer(),
    /** Couplings there were; null until it has ended. */
    pairs: p.integer().nullable(),
    counts: p.json().$type<Partial<Record<Verdict, number>>>().nullable(),
  },
})

/** A comparison of all pairs of a mapping, which writes nothing outside. */
export class Reconciliation extends ReconciliationSchema.class {}
ReconciliationSchema.setClass(Reconciliation)

const ReconciliationItemSchema = defineEntity({
  name: 'ReconciliationItem',
  tableName: 'reconciliation_item',
  properties: {
    id: p.uuid().primary(),
    reconciliationId: p.uuid(),
    verdict: p.text().$type<Verdict>(),
    couplingId: p.uuid().nullable(),
    localId: p.text().nullable(),
    integrationId: p.text().nullable(),
    localName: p.text().nullable(),
    integrationName: p.text().nullable(),
    /** As they were read; null: not there, or hidden. */
    localVersion: p.text().nullable(),
    integrationVersion: p.text().nullable(),
    /** Of a record without a partner: the one that matches. */
    partnerId: p.text().nullable(),
    reason: p.text(),
    fields: p.json().$type<readonly FieldDifference[]>(),
    recommended: p.json().$type<Repair>(),
    /** The last repair that was approved. */
    repairKeep: p.text().$type<RepairKeep>().nullable(),
    repairAction: p.text().$type<RepairAction>().nullable(),
    repairRunId: p.uuid().nullable(),
  },
})

/** A pair that is not simply equal, or a record without a partner. */
export class ReconciliationItem extends ReconciliationItemSchema.class {}
ReconciliationItemSchema.setClass(ReconciliationItem)
