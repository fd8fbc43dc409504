import { defineEntity, p } from '@mikro-orm/core'
import type { IgnoredReason } from '../../domain/decision.js'
import type { PassDirection } from '../../domain/mapping.js'
import type { RunStatus } from '../../domain/run.js'

const SynchJobSchema = defineEntity({
  name: 'SynchJob',
  tableName: 'synch_job',
  properties: {
    id: p.uuid().primary(),
    runId: p.uuid(),
    mappingId: p.uuid(),
    direction: p.text().$type<PassDirection>(),
    status: p.text().$type<RunStatus>(),
    inserted: p.integer(),
    modified: p.integer(),
    deleted: p.integer(),
    unchanged: p.integer(),
    skipped: p.integer(),
    failed: p.integer(),
    conflicts: p.integer(),
    ignored: p.json().$type<Partial<Record<IgnoredReason, number>>>(),
    retried: p.integer(),
    coupled: p.integer().default(0),
    uncoupled: p.integer().default(0),
    start: p.datetime(3),
    finish: p.datetime(3).nullable(),
    message: p.text().nullable(),
    /** The source's clock before the first page. */
    clockAt: p.datetime(3).nullable(),
    clockOffset: p.bigint('number').nullable(),
    clockFall: p.bigint('number'),
    watermarkRevision: p.integer(),
    readFrom: p.datetime(3).nullable(),
    /** Changes stamped at or before this are dropped: a watermark set forward by hand on a tracked table. */
    skipUntil: p.datetime(3).nullable(),
    /** Deletions since may have been missed: they are searched for at the end of the pass. */
    tokenExpired: p.boolean(),
    /** The destination's clock less ours, where the mapping compares the two. */
    otherClockOffset: p.bigint('number').nullable(),
    tokenAfter: p.text().nullable(),
    tokenFields: p.json().$type<readonly string[]>().nullable(),
  },
})

/** Integration synch. job: the log row of one pass. One counter per record; Retried, Coupled and Uncoupled are an "of which". */
export class SynchJob extends SynchJobSchema.class {}
SynchJobSchema.setClass(SynchJob)
