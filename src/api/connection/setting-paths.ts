import type { Settings } from './settings-keeper.js'

/** Every plain value of settings, by its path: `signIn.tokenUrl`, `applications.0.clientId`. */
export function flatten(settings: Settings): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>()
  const visit = (value: unknown, path: string): void => {
    if (isSettings(value) || Array.isArray(value)) {
      for (const [name, inner] of Object.entries(value)) visit(inner, path === '' ? name : `${path}.${name}`)
    } else if (value !== undefined) found.set(path, value)
  }
  visit(settings, '')
  return found
}

export function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path; undefined where there is none. */
export function valueAt(settings: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (isContainer(value) ? memberOf(value, name) : undefined), settings)
}

/** The same settings without what is at these paths. */
export function without(settings: Settings, paths: ReadonlySet<string>): Settings {
  const visit = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => visit(item, `${path}.${index}`))
    if (!isSettings(value)) return value
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, inner]) => {
        const member = path === '' ? name : `${path}.${name}`
        return paths.has(member) ? [] : [[name, visit(inner, member)]]
      }),
    )
  }
  return visit(settings, '') as Settings
}

/** The same settings with a value at a path whose parent is there. */
export function withValue(settings: Settings, path: string, value: unknown): Settings {
  const visit = (target: unknown, [name = '', ...rest]: readonly string[]): unknown => {
    if (!isContainer(target)) return target
    const inner = rest.length === 0 ? value : visit(memberOf(target, name), rest)
    return Array.isArray(target)
      ? target.map((item: unknown, index) => (String(index) === name ? inner : item))
      : { ...target, [name]: inner }
  }
  return visit(settings, path.split('.')) as Settings
}

function isContainer(value: unknown): value is Settings | readonly unknown[] {
  return typeof value === 'object' && value !== null
}

function memberOf(container: Settings | readonly unknown[], name: string): unknown {
  return Object.hasOwn(container, name) ? (container as Settings)[name] : undefined
}
