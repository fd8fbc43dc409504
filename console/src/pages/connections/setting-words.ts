import type { TFunction } from 'i18next'
import { formatDuration } from '../../shared/duration.js'
import { formatNumber } from '../../shared/quantity.js'
import { SIGN_INS } from './kinds.js'

/** Settings in milliseconds, wherever they stand. */
const MILLISECONDS: ReadonlySet<string> = new Set([
  'connectTimeout',
  'requestTimeout',
  'maximumFlight',
  'limits.window',
  'limits.execution',
])

/** What people call a setting, by its path (`signIn.clientId`): what is not known of it stays as it is written. */
export function settingLabel(path: string, t: TFunction<'connections'>): string {
  const known = (of: string): string => t(`members.${of.replaceAll('.', '_')}`, { defaultValue: '' })
  if (known(path) !== '') return known(path)
  const [first = '', ...rest] = path.split('.')
  return known(first) === '' ? path : `${known(first)}: ${rest.join('.')}`
}

/** A setting's value in words: lengths of time with their unit, choices by name. */
export function settingValue(
  path: string,
  value: unknown,
  t: TFunction<'connections'>,
  language: string,
): string {
  if (value === null) return t(path.startsWith('limits.') ? 'values.unlimited' : 'values.none')
  if (typeof value === 'boolean') return t(value ? 'values.yes' : 'values.no')
  if (typeof value === 'number') {
    if (MILLISECONDS.has(path)) return formatDuration(value / 1000, language)
    // A port is no quantity.
    return path === 'port' ? String(value) : formatNumber(value, language)
  }
  if (path === 'signIn.kind' && SIGN_INS.some((kind) => kind === value)) return t(`signIns.${String(value)}`)
  if (Array.isArray(value)) return value.length === 0 ? t('values.none') : JSON.stringify(value)
  return String(value)
}

/** Settings in lines, by path. */
export function flatSettings(settings: object, above = ''): readonly (readonly [string, unknown])[] {
  return Object.entries(settings).flatMap(([name, value]): readonly (readonly [string, unknown])[] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? flatSettings(value as object, `${above}${name}.`)
      : [[`${above}${name}`, value]],
  )
}
