import { defineEntity, p } from '@mikro-orm/core'
import type { Base, SynchronizedBy } from '../../domain/coupling.js'
import type { Side } from '../../domain/value.js'

const CouplingRecordSchema = defineEntity({
  name: 'CouplingRecord',
  tableName: 'coupling',
  properties: {
    id: p.uuid().primary(),
    connectionId: p.uuid(),
    mappingId: p.uuid(),
    localTable: p.text(),
    integrationTable: p.text(),
    localId: p.text(),
    integrationId: p.text(),
    localName: p.text().nullable(),
    integrationName: p.text().nullable(),
    /** The number by which people know the local record; null: its table has none, or it was not read since. */
    localNumber: p.text().nullable(),
    localVersion: p.text().nullable(),
    integrationVersion: p.text().nullable(),
    /** Last Synch. Modified On. */
    localStamp: p.datetime(3),
    /** Last Synch. CRM Modified On. */
    integrationStamp: p.datetime(3),
    base: p.json().$type<Base>().nullable(),
    lastBy: p.text().$type<SynchronizedBy>().nullable(),
    lastSource: p.text().$type<Side>().nullable(),
    lastJobId: p.uuid().nullable(),
    lastSynchronizedAt: p.datetime(3).nullable(),
    revision: p.integer(),
    createdAt: p.datetime(3),
    changedAt: p.datetime(3),
  },
})

/** CRM Integration Record: one local record paired with one integration record. */
export class CouplingRecord extends CouplingRecordSchema.class {}
CouplingRecordSchema.setClass(CouplingRecord)
