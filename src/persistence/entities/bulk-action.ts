import { defineEntity, p } from '@mikro-orm/core'
import type { FieldChoice } from '../../domain/choice.js'
import type { BulkActionKind, BulkActionStatus, BulkOutcome } from '../../domain/bulk-action.js'

const BulkActionSchema = defineEntity({
  name: 'BulkAction',
  tableName: 'bulk_action',
  properties: {
    id: p.uuid().primary(),
    kind: p.text().$type<BulkActionKind>(),
    status: p.text().$type<BulkActionStatus>(),
    /** The client's idempotency key, one for each principal. */
    key: p.text().nullable(),
    /** Hash of what was asked for under the key. */
    request: p.text(),
    /** In words, for the list. */
    selection: p.text(),
    /** To whom errors are assigned; null: to nobody. */
    assignee: p.text().nullable(),
    /** Of KEEP_FIELDS: what is kept of each field, by name of the field mapping. */
    fields: p.json().$type<Readonly<Record<string, FieldChoice>>>().nullable(),
    /** Who asked, apart from others of his name: kind and id. Null: it was asked for before that was noted. */
    principal: p.text().nullable(),
    requestedBy: p.text(),
    requestedAt: p.datetime(3),
    cancelRequestedAt: p.datetime(3).nullable(),
    finishedAt: p.datetime(3).nullable(),
    total: p.integer(),
    /** Targets up to this number have been taken up. */
    position: p.integer(),
    succeeded: p.integer(),
    unchanged: p.integer(),
    changedSince: p.integer(),
    failed: p.integer(),
    message: p.text().nullable(),
  },
})

/** One action over many errors, or many skipped synch. records, carried out by a workflow page by page. */
export class BulkAction extends BulkActionSchema.class {}
BulkActionSchema.setClass(BulkAction)

const BulkActionTargetSchema = defineEntity({
  name: 'BulkActionTarget',
  tableName: 'bulk_action_target',
  properties: {
    actionId: p.uuid().primary(),
    number: p.integer().primary(),
    mappingId: p.uuid(),
    /** Null: it is about a skipped synch. record. */
    errorId: p.uuid().nullable(),
    /** The skipped synch. record; null: it is about an error. */
    stateId: p.uuid().nullable(),
    couplingId: p.uuid().nullable(),
    /** Of a skipped synch. record: the versions that were known of it when it was selected. */
    localVersion: p.text().nullable(),
    integrationVersion: p.text().nullable(),
    /** The run that tries its record again. */
    runId: p.uuid().nullable(),
    /** Null: not yet known. */
    outcome: p.text().$type<BulkOutcome>().nullable(),
    message: p.text().nullable(),
  },
})

/** An error, or a skipped synch. record, that was selected when the action was asked for, and what became of it. */
export class BulkActionTarget extends BulkActionTargetSchema.class {}
BulkActionTargetSchema.setClass(BulkActionTarget)
