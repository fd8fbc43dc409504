import type { SystemKind } from '../../domain/schema.js'
import type { Side } from '../../domain/value.js'
import type { SystemSettings } from '../../persistence/entities/connection.js'
import { storable } from '../../persistence/sql.js'
import { flatten, isSettings, valueAt, without, withValue } from './setting-paths.js'
import { SecretKind, type Settings, type SettingProblem, type SettingsKeeper } from './settings-keeper.js'

/** One end of a connection as it is to be: what is wrong with it, or how it is stored. */
export interface PlannedSystem {
  readonly problems: readonly SettingProblem[]
  /** Members that hold a secret which was entered now. */
  readonly entered: readonly string[]
  /** With the secrets encrypted. Call it only without problems. */
  store(): SystemSettings
}

export interface SystemPlace {
  readonly connectionId: string
  readonly side: Side
}

/** Where secrets are sent to, or who listens on the way. The addresses at which people open records are not. */
const HARMLESS_ADDRESSES: ReadonlySet<string> = new Set(['appUrl', 'webClientUrl', 'recordUrl'])
const ALONG_THE_WAY: ReadonlySet<string> = new Set(['host', 'port', 'proxy', 'certificateAuthorities', 'tls'])

/**
 * Judges settings as given. A secret that is left out stays as it was before, unless the addresses that it is sent to change: then
 * whoever changes them must know it.
 */
export function planSystem(
  keeper: SettingsKeeper,
  place: SystemPlace,
  kind: SystemKind,
  given: Settings,
  before: SystemSettings | null,
): PlannedSystem {
  const { settings, kept } = keepSecrets(keeper, given, before?.settings ?? null)
  const problems: SettingProblem[] = [
    ...keeper.problems(kind, settings),
    ...addressProblems(keeper, settings),
    ...textProblems(keeper, settings),
    ...redirected(keeper, settings, before?.settings ?? null, kept),
  ]
  const entered: string[] = []
  let plain = false
  for (const { member, held, kind: how } of keeper.secrets(settings)) {
    if (kept.has(member)) continue
    if (valueAt(before?.settings ?? {}, member) !== held) entered.push(member)
    if (how === SecretKind.stored) {
      problems.push({
        member,
        message: 'is text that Accord keeps for another secret; expected the secret itself.',
      })
    }
    plain ||= how === null
  }
  const obstacle = plain ? keeper.whyNotEncrypted() : null
  if (obstacle !== null) {
    for (const { member, kind: how } of keeper.secrets(settings)) {
      if (how === null) problems.push({ member, message: `cannot be stored. ${obstacle}` })
    }
  }
  return {
    problems,
    entered,
    store: () => ({
      kind,
      settings: keeper.withSecrets(settings, ({ member, held, kind: how }) =>
        how === null ? keeper.encrypt(held, { ...place, member }) : held,
      ),
    }),
  }
}

/** Settings as people see them: without secrets. */
export function withoutSecrets(keeper: SettingsKeeper, settings: Settings): Settings {
  return without(settings, new Set(keeper.secrets(settings).map(({ member }) => member)))
}

const WHOSE = ['kind', 'clientId', 'username', 'user'] as const

/** Secrets that are left out, where what they belong to is there and the same as before, come from before. */
function keepSecrets(
  keeper: SettingsKeeper,
  given: Settings,
  before: Settings | null,
): { readonly settings: Settings; readonly kept: ReadonlySet<string> } {
  let settings = given
  const kept = new Set<string>()
  for (const { member, held } of before === null ? [] : keeper.secrets(before)) {
    const now = valueAt(given, member)
    // Null takes it away; what must not be missing is told by the settings' own rules.
    if (now === null) settings = without(settings, new Set([member]))
    if (now !== undefined) continue
    const parent = member.includes('.') ? member.slice(0, member.lastIndexOf('.')) : null
    const home = parent === null ? given : valueAt(given, parent)
    const homeBefore = parent === null ? before : valueAt(before ?? {}, parent)
    if (!isSettings(home) || !isSettings(homeBefore)) continue
    // A secret is one application's or user's: another one has another secret.
    if (WHOSE.some((name) => home[name] !== homeBefore[name])) continue
    settings = withValue(settings, member, held)
    kept.add(member)
  }
  return { settings, kept }
}

function redirected(
  keeper: SettingsKeeper,
  settings: Settings,
  before: Settings | null,
  kept: ReadonlySet<string>,
): readonly SettingProblem[] {
  if (before === null) return []
  const changed = changedAddresses(without(before, kept), without(settings, kept))
  if (changed.length === 0) return []
  return keeper.secrets(settings).flatMap(({ member, kind }) =>
    kept.has(member) && kind === SecretKind.stored
      ? [
          {
            member,
            message: `must be entered again, as ${changed.join(', ')} changes, and secrets go there.`,
          },
        ]
      : [],
  )
}

/** Members that decide where secrets are sent, and differ. */
export function changedAddresses(before: Settings, after: Settings): readonly string[] {
  const [old, now] = [flatten(before), flatten(after)]
  return [...new Set([...old.keys(), ...now.keys()])].filter(
    (member) => target(member, old.get(member)) !== target(member, now.get(member)),
  )
}

/** The part of a value that decides who receives what is sent; null: none. */
function target(member: string, value: unknown): string | null {
  const name = member.slice(member.lastIndexOf('.') + 1)
  if (value === undefined || value === null || HARMLESS_ADDRESSES.has(name)) return null
  if (ALONG_THE_WAY.has(name)) return JSON.stringify(value)
  if (typeof value !== 'string' || !URL.canParse(value)) return null
  const { protocol, host } = new URL(value)
  return host === '' ? null : `${protocol}//${host}`
}

/** The database takes no NUL and no half of a pair of surrogates; secrets as such are encrypted and may hold anything. */
function textProblems(keeper: SettingsKeeper, settings: Settings): readonly SettingProblem[] {
  const encrypted = new Set(
    keeper.secrets(settings).flatMap(({ member, kind }) => (kind === null ? [member] : [])),
  )
  return [...flatten(settings)].flatMap(([member, value]) => {
    const text = `${member}${typeof value === 'string' && !encrypted.has(member) ? value : ''}`
    return text.isWellFormed() && !text.includes('\0')
      ? []
      : [{ member: storable(member), message: 'holds a character that cannot be stored.' }]
  })
}

/** An address is shown to everybody, so it must not hold a password. */
function addressProblems(keeper: SettingsKeeper, settings: Settings): readonly SettingProblem[] {
  return [...flatten(withoutSecrets(keeper, settings))].flatMap(([member, value]) => {
    if (typeof value !== 'string' || !URL.canParse(value)) return []
    const { username, password } = new URL(value)
    return username === '' && password === ''
      ? []
      : [
          {
            member,
            message: 'holds a user or password in the address, where everybody sees it; remove it there.',
          },
        ]
  })
}
