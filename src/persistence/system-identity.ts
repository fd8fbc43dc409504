import type { SystemSettings } from './entities/connection.js'

/** The members of settings that say which organisation, company or database a system is, of whatever kind. */
const IDENTITY = ['url', 'path', 'tenant', 'companyId', 'host', 'port', 'database', 'schema'] as const

/** What ids of records belong to, as text to compare: another address of the same place only differs in how it is written. */
export function identityOf({ kind, settings }: SystemSettings): string {
  return JSON.stringify([kind, ...IDENTITY.map((name) => normalized(settings[name]))])
}

/** The members in which two systems differ as to where they are. */
export function identityChanges(before: SystemSettings, after: SystemSettings): readonly string[] {
  return IDENTITY.filter((name) => normalized(before.settings[name]) !== normalized(after.settings[name]))
}

function normalized(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value ?? null)
  const text = value.trim().replace(/\/+$/, '')
  return (URL.canParse(text) ? new URL(text).href.replace(/\/+$/, '') : text).toLowerCase()
}
