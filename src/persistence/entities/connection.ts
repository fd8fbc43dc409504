import { defineEntity, p } from '@mikro-orm/core'
import type { SystemKind } from '../../domain/schema.js'

/**
 * One end of a connection: its kind and its connector's settings. Secrets in them are references (`env:NAME`, `file:PATH`) or
 * encrypted (`encrypted:v1:...`), never the secrets themselves.
 */
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
    /** Rises with every change of name or settings. */
    version: p.integer().default(1),
    changedAt: p.datetime(3).default('now'),
    changedBy: p.text().default('Accord'),
    /** Nothing of it writes: no run starts, those under way wait. Looking (checks, tables, plans) goes on. */
    disabledAt: p.datetime(3).nullable(),
    disabledBy: p.text().nullable(),
    /** Why it was enabled although its check had found errors. */
    forcedReason: p.text().nullable(),
    /** When each secret was entered last, ISO, by `SIDE.member`: `LOCAL.signIn.clientSecret`. */
    secretsSetAt: p.json().$type<Readonly<Record<string, string>>>().default('{}'),
    /** Everything is paused: no run of its mappings starts by itself, those under way wait. */
    pausedAt: p.datetime(3).nullable(),
    pausedBy: p.text().nullable(),
  },
})

/** Two systems whose records are kept in agreement. */
export class Connection extends ConnectionSchema.class {}
ConnectionSchema.setClass(Connection)
