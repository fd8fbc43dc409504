import { defineEntity, p } from '@mikro-orm/core'
import type { CouplingOptions, RunKind, RunMode, RunScope, RunStatus } from '../../domain/run.js'
import type { PassDirection } from '../../domain/mapping.js'

const SynchRunSchema = defineEntity({
  name: 'SynchRun',
  tableName: 'synch_run',
  properties: {
    id: p.uuid().primary(),
    mappingId: p.uuid(),
    kind: p.text().$type<RunKind>(),
    mode: p.text().$type<RunMode>(),
    direction: p.text().$type<PassDirection>().nullable(),
    scope: p.json().$type<RunScope>().nullable(),
    status: p.text().$type<RunStatus>(),
    requestedBy: p.text(),
    requestedAt: p.datetime(3),
    startedAt: p.datetime(3).nullable(),
    finishedAt: p.datetime(3).nullable(),
    workflowId: p.text(),
    workflowRunId: p.text().nullable(),
    message: p.text().nullable(),
    retryOf: p.uuid().nullable(),
    /** Waits between two pages until it is resumed. */
    pausedAt: p.datetime(3).nullable(),
    /** Stops after the page at hand, also when its workflow has not heard of it. */
    cancelRequestedAt: p.datetime(3).nullable(),
    /** A full synchronisation: records without a partner are created, whatever Synch. Only Coupled Records says. */
    includeUncoupled: p.boolean(),
    /** Of a run of mode COUPLE: what it was asked for; null: as the mapping says. */
    coupling: p.json().$type<CouplingOptions>().nullable(),
    /** The version of the mapping that it carries out; fixed when it starts. */
    mappingVersion: p.integer(),
  },
})

/** The passes of one mapping, carried out by one workflow. */
export class SynchRun extends SynchRunSchema.class {}
SynchRunSchema.setClass(SynchRun)
