import { SECRET_MEMBERS } from '../../connectors/service-settings.js'
import { keptAs } from '../../secrets/stored-secret.js'
import { UsageError } from '../exit-codes.js'
import type { Settings } from './connections-api.js'

/** The settings of both ends of a connection. */
export interface BothSettings {
  readonly local: Settings
  readonly integration: Settings
}

type End = keyof BothSettings

/** A member of one end: `local.signIn.clientId`. */
export interface SettingPath {
  readonly end: End
  readonly path: readonly string[]
}

/** @throws UsageError */
export function parsePath(word: string): SettingPath {
  const [end, ...path] = word.split('.')
  if ((end !== 'local' && end !== 'integration') || path.length === 0 || path.includes('')) {
    throw new UsageError(
      `Expected a setting of one end, local.NAME or integration.NAME, as local.url; got ${word}.`,
    )
  }
  return { end, path }
}

/**
 * `local.url=https://...` put into the settings. Numbers, true and false are what they look like, null removes nothing and means none;
 * anything else is text. A secret is refused: arguments are seen by everybody on the machine and stay in the shell's history.
 * @throws UsageError
 */
export function assign(settings: BothSettings, word: string): BothSettings {
  const equals = word.indexOf('=')
  if (equals < 0) throw new UsageError(`Expected NAME=VALUE, as local.url=https://...; got ${word}.`)
  const at = parsePath(word.slice(0, equals))
  const text = word.slice(equals + 1)
  if (isSecret(at) && !['ENVIRONMENT', 'FILE'].includes(keptAs(text) ?? '')) {
    throw new UsageError(
      `${word.slice(0, equals)} is a secret, and arguments are seen by others. Give it with --secret ${word.slice(0, equals)}, ` +
        'which asks for it or reads it from the input, or as a reference, env:NAME or file:PATH.',
    )
  }
  return put(settings, at, valueOf(text))
}

/** The settings with a value at that place; what it stands in is made where it is missing. */
export function put(settings: BothSettings, { end, path }: SettingPath, value: unknown): BothSettings {
  return { ...settings, [end]: putInto(settings[end], path, value) }
}

/** The settings without what is at that place. */
export function remove(settings: BothSettings, { end, path }: SettingPath): BothSettings {
  return { ...settings, [end]: removeFrom(settings[end], path) }
}

export function isSecret({ path }: SettingPath): boolean {
  return SECRET_MEMBERS.has(path.at(-1) ?? '')
}

function putInto(container: unknown, [name = '', ...rest]: readonly string[], value: unknown): Settings {
  const inner = memberOf(container, name)
  const next = rest.length === 0 ? value : putInto(inner, rest, value)
  if (Array.isArray(container)) {
    const items: readonly unknown[] = container
    const index = /^\d+$/.test(name) ? Number(name) : items.length
    return items.toSpliced(index, 1, next) as unknown as Settings
  }
  return { ...(isSettings(container) ? container : {}), [name]: next }
}

function removeFrom(container: unknown, [name = '', ...rest]: readonly string[]): Settings {
  if (Array.isArray(container)) {
    const items: readonly unknown[] = container
    const kept = items.flatMap((item, index) =>
      String(index) !== name ? [item] : rest.length === 0 ? [] : [removeFrom(item, rest)],
    )
    return kept as unknown as Settings
  }
  if (!isSettings(container)) return container as Settings
  return Object.fromEntries(
    Object.entries(container).flatMap(([key, inner]) =>
      key !== name ? [[key, inner]] : rest.length === 0 ? [] : [[key, removeFrom(inner, rest)]],
    ),
  )
}

function memberOf(container: unknown, name: string): unknown {
  return typeof container === 'object' && container !== null && Object.hasOwn(container, name)
    ? (container as Settings)[name]
    : undefined
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function valueOf(text: string): unknown {
  return /^(?:true|false|null|-?\d{1,15}(?:\.\d{1,10})?)$/.test(text) ? JSON.parse(text) : text
}
