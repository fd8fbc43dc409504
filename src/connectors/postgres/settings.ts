import { z } from 'zod'
import { milliseconds } from '../service-settings.js'

/** How the changes of a table are found; see docs/postgresql.md. */
export const ChangeDetection = {
  logicalReplication: 'logicalReplication',
  triggers: 'triggers',
  modifiedColumn: 'modifiedColumn',
} as const
export type ChangeDetection = (typeof ChangeDetection)[keyof typeof ChangeDetection]

const changeDetection = z.enum(ChangeDetection)

/** Settings of a connection to a PostgreSQL database. Times are in milliseconds. */
export const postgresSettings = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(5432),
  database: z.string().min(1),
  user: z.string().min(1),
  password: z.string().min(1).optional(),
  /** The tables of this schema can be synchronized, by their bare names. */
  schema: z.string().min(1).default('public'),
  /** `verify`: the server's certificate is checked, against `certificateAuthorities` where they are given. `off`: in clear text. */
  tls: z.enum(['off', 'encrypt', 'verify']).default('verify'),
  /** PEM. */
  certificateAuthorities: z.string().min(1).optional(),
  /** Shown by the server as the client's name. Writes under it are Accord's. */
  applicationName: z.string().min(1).max(63).default('accord'),
  /** For all tables, or by table with `*` for the others. */
  changeDetection: z
    .union([changeDetection, z.record(z.string(), changeDetection)])
    .default(ChangeDetection.modifiedColumn),
  /** The column that tells when a record was changed, for all tables, or by table with `*` for the others. */
  modifiedColumn: z.union([z.string().min(1), z.record(z.string(), z.string().min(1))]).default('modified'),
  /**
   * The publication of the tables that are read by logical replication, and the beginning of the names of their replication slots.
   * Two connections to one database need two.
   */
  publication: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,29}$/, {
      error: 'must be at most 30 lower-case letters, digits and underscores, and begin with a letter',
    })
    .default('accord'),
  /** Connections that are used at the same time. */
  concurrency: z.int().min(1).max(50).default(4),
  requestTimeout: milliseconds.default(60_000),
  maximumFlight: milliseconds.default(60_000),
})

export type PostgresSettings = z.output<typeof postgresSettings>

export function changeDetectionOf(settings: PostgresSettings, table: string): ChangeDetection {
  const { changeDetection: chosen } = settings
  if (typeof chosen === 'string') return chosen
  return chosen[table] ?? chosen['*'] ?? ChangeDetection.modifiedColumn
}

export function modifiedColumnOf(settings: PostgresSettings, table: string): string {
  const { modifiedColumn: chosen } = settings
  if (typeof chosen === 'string') return chosen
  return chosen[table] ?? chosen['*'] ?? 'modified'
}

/** Whether any table may tell of its changes by itself. */
export function usesTriggers({ changeDetection: chosen }: PostgresSettings): boolean {
  const kinds = typeof chosen === 'string' ? [chosen] : Object.values(chosen)
  return kinds.includes(ChangeDetection.triggers)
}
