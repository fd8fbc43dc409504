import { defineEntity, p } from '@mikro-orm/core'
import type { SystemKind } from '../../domain/schema.js'

/** One end of a connection: its kind and its connector's settings. Secrets are references (`env:NAME`, `file:PATH`). */
export interface SystemSettings {
  readonly kind: SystemKind
  readonly settings: Readonly<Record<string, unknown>>
}

const ConnectionSchema = defineEntity({
  name: 'Connection',
  tableName: 'connection',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    localSystem: p.json().$type<SystemSettings>(),
    integrationSystem: p.json().$type<SystemSettings>(),
    createdAt: p.datetime(3),
    /** Everything is paused: no run of its mappings starts by itself, those under way wait. */
    pausedAt: p.datetime(3).nullable(),
    pausedBy: p.text().nullable(),
  },
})

/** Two systems whose records are kept in agreement. */
export class Connection extends ConnectionSchema.class {}
ConnectionSchema.setClass(Connection)
