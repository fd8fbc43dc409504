import { defineEntity, p } from '@mikro-orm/core'
import type { FullSynchAction, FullSynchLineStatus, FullSynchStatus } from '../../domain/full-synch.js'

const FullSynchSchema = defineEntity({
  name: 'FullSynch',
  tableName: 'full_synch',
  properties: {
    id: p.uuid().primary(),
    connectionId: p.uuid(),
    status: p.text().$type<FullSynchStatus>(),
    requestedBy: p.text(),
    requestedAt: p.datetime(3),
    startedAt: p.datetime(3).nullable(),
    finishedAt: p.datetime(3).nullable(),
    pausedAt: p.datetime(3).nullable(),
    message: p.text().nullable(),
  },
})

/** A full synchronisation of a connection: first its review list, then its runs in dependency order. */
export class FullSynch extends FullSynchSchema.class {}
FullSynchSchema.setClass(FullSynch)

const FullSynchLineSchema = defineEntity({
  name: 'FullSynchLine',
  tableName: 'full_synch_line',
  properties: {
    fullSynchId: p.uuid().primary(),
    mappingId: p.uuid().primary(),
    position: p.integer(),
    /** Names of the mappings that must be through before. */
    dependsOn: p.json().$type<readonly string[]>(),
    /** Records inside the filter; null: could not be counted. */
    localCount: p.integer().nullable(),
    integrationCount: p.integer().nullable(),
    coupledCount: p.integer(),
    recommendation: p.text().$type<FullSynchAction>(),
    action: p.text().$type<FullSynchAction>(),
    status: p.text().$type<FullSynchLineStatus>(),
    runId: p.uuid().nullable(),
    message: p.text().nullable(),
  },
})

/** Full Synch. Review line: one mapping of a full synchronisation. */
export class FullSynchLine extends FullSynchLineSchema.class {}
FullSynchLineSchema.setClass(FullSynchLine)
