import type { Settings } from './settings-keeper.js'

/** Every member of settings that holds a plain value, by its path (`signIn.tokenUrl`). */
export function flatten(settings: Settings, path = ''): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>()
  for (const [name, value] of Object.entries(settings)) {
    const member = path === '' ? name : `${path}.${name}`
    if (isSettings(value)) for (const [inner, leaf] of flatten(value, member)) found.set(inner, leaf)
    else if (value !== undefined) found.set(member, value)
  }
  return found
}

export function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path; undefined where there is none. */
export function valueAt(settings: Settings, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (isSettings(value) ? value[name] : undefined), settings)
}

/** The same settings without what is at these paths. */
export function without(settings: Settings, paths: ReadonlySet<string>, path = ''): Settings {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => {
      const member = path === '' ? name : `${path}.${name}`
      if (paths.has(member)) return []
      return [[name, isSettings(value) ? without(value, paths, member) : value]]
    }),
  )
}

/** The same settings with a value at a path whose parent is there. */
export function withValue(settings: Settings, path: string, value: unknown): Settings {
  const [name = '', ...rest] = path.split('.')
  if (rest.length === 0) return { ...settings, [name]: value }
  const inner = settings[name]
  return isSettings(inner) ? { ...settings, [name]: withValue(inner, rest.join('.'), value) } : settings
}
