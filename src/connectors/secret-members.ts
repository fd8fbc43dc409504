import { SECRET_MEMBERS } from './service-settings.js'

type Settings = Readonly<Record<string, unknown>>

/** The same settings with every secret put through `resolve`, which is told its path (`signIn.clientSecret`). */
export function withSecrets(
  settings: Settings,
  resolve: (stored: string, member: string) => string,
): Settings {
  return mapMembers(settings, '', resolve)
}

/** The secrets in settings, with their paths, as they are kept there. */
export function secretsOf(settings: Settings): readonly { readonly member: string; readonly kept: string }[] {
  const found: { member: string; kept: string }[] = []
  withSecrets(settings, (kept, member) => {
    found.push({ member, kept })
    return kept
  })
  return found
}

function mapMembers(
  settings: Settings,
  path: string,
  resolve: (stored: string, member: string) => string,
): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const member = path === '' ? name : `${path}.${name}`
      return [
        name,
        SECRET_MEMBERS.has(name) && typeof value === 'string'
          ? resolve(value, member)
          : inside(value, member, resolve),
      ]
    }),
  )
}

function inside(value: unknown, path: string, resolve: (stored: string, member: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item, index) => inside(item, `${path}.${index}`, resolve))
  return typeof value === 'object' && value !== null ? mapMembers(value as Settings, path, resolve) : value
}
