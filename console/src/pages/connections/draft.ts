import { knownScopeOf, membersOf, SIGN_INS, SIGN_INS_OF, type Kind, type SignIn } from './kinds.js'

type Settings = Readonly<Record<string, unknown>>

/** How a secret is given: typed in, or by a reference that the workers resolve. */
export const SECRET_WAYS = ['value', 'env', 'file'] as const
export type SecretWay = (typeof SECRET_WAYS)[number]

/** One end of a connection while somebody fills it in. */
export interface SystemDraft {
  readonly kind: Kind
  readonly signIn: SignIn
  /** By path: `signIn.clientId`. */
  readonly values: Readonly<Record<string, string>>
  readonly secretWays: Readonly<Record<string, SecretWay>>
  /** Further settings, as JSON; empty: none. */
  readonly further: string
}

export function newDraft(kind: Kind): SystemDraft {
  const scope = knownScopeOf(kind)
  return {
    kind,
    signIn: SIGN_INS_OF[kind][0] ?? 'none',
    values: scope === null ? {} : { 'signIn.scope': scope },
    secretWays: {},
    further: '',
  }
}

/** The draft of settings as they are; secrets are not told, and those left out stay. */
export function draftOf(kind: Kind, settings: Settings): SystemDraft {
  const found = (settings['signIn'] as Settings | undefined)?.['kind']
  const signIn = SIGN_INS.find((one) => one === found) ?? SIGN_INS_OF[kind][0] ?? 'none'
  const values: Record<string, string> = {}
  const rest = structuredClone(settings) as Record<string, unknown>
  for (const { path } of membersOf(kind, signIn)) {
    const value = read(settings, path)
    if (typeof value !== 'string' && typeof value !== 'number') continue
    values[path] = String(value)
    remove(rest, path)
  }
  remove(rest, 'signIn.kind')
  const signInRest = rest['signIn']
  if (signInRest !== undefined && Object.keys(signInRest as object).length === 0) delete rest['signIn']
  const further = Object.keys(rest).length === 0 ? '' : JSON.stringify(rest, null, 2)
  return { kind, signIn, values, secretWays: {}, further }
}

/** The paths of required settings that are still blank. `keepsSecrets`: a secret that is left out stays as it is. */
export function missingIn({ kind, signIn, values }: SystemDraft, keepsSecrets: boolean): readonly string[] {
  return membersOf(kind, signIn)
    .filter(({ required = false, input }) => required && !(keepsSecrets && input === 'secret'))
    .map(({ path }) => path)
    .filter((path) => (values[path] ?? '').trim() === '')
}

/** What stands under Further settings, or null where that is no JSON object. */
export function furtherOf({ further }: SystemDraft): Settings | null {
  if (further.trim() === '') return {}
  try {
    const parsed: unknown = JSON.parse(further)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Settings)
      : null
  } catch {
    return null
  }
}

/** The settings as the API takes them. Blank ones are left out, so that their default holds. */
export function settingsOf(draft: SystemDraft): Settings {
  const settings = structuredClone(furtherOf(draft) ?? {}) as Record<string, unknown>
  if (SIGN_INS_OF[draft.kind].length > 0) write(settings, 'signIn.kind', draft.signIn)
  for (const { path, input } of membersOf(draft.kind, draft.signIn)) {
    const value = draft.values[path] ?? ''
    if (value.trim() === '') continue
    if (input === 'secret') {
      const way = draft.secretWays[path] ?? 'value'
      write(settings, path, way === 'value' ? value : `${way}:${value.trim()}`)
    } else write(settings, path, input === 'number' ? Number(value) : value.trim())
  }
  return settings
}

function read(settings: Settings, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, step) => (inner as Settings | undefined)?.[step], settings)
}

function remove(settings: Record<string, unknown>, path: string): void {
  const [first = '', second] = path.split('.')
  if (second === undefined) delete settings[first]
  else delete (settings[first] as Record<string, unknown> | undefined)?.[second]
}

function write(settings: Record<string, unknown>, path: string, value: unknown): void {
  const [first = '', second] = path.split('.')
  if (second === undefined) settings[first] = value
  else settings[first] = { ...(settings[first] as object | undefined), [second]: value }
}
