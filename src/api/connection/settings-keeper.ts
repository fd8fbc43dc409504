import type { SystemKind } from '../../domain/schema.js'
import type { Side } from '../../domain/value.js'

export type Settings = Readonly<Record<string, unknown>>

/** How a secret of a connection is kept. */
export const SecretKind = { environment: 'ENVIRONMENT', file: 'FILE', stored: 'STORED' } as const
export type SecretKind = (typeof SecretKind)[keyof typeof SecretKind]

/** What is wrong with one member of settings; its value is not repeated, as it may be a secret. */
export interface SettingProblem {
  /** `signIn.clientSecret`; empty: the settings as a whole. */
  readonly member: string
  readonly message: string
}

/** A secret as settings hold it; `kind` null: as it was entered, neither encrypted nor a reference. */
export interface HeldSecret {
  readonly member: string
  readonly held: string
  readonly kind: SecretKind | null
}

/** What the API has to know about the settings of systems, whose meaning is the connectors', and about their secrets. */
export interface SettingsKeeper {
  /** Everything that keeps settings from being used, secrets that are kept already apart. */
  problems(kind: SystemKind, settings: Settings): readonly SettingProblem[]
  secrets(settings: Settings): readonly HeldSecret[]
  /** Why secrets cannot be encrypted here, in words for a person; null: they can. */
  whyNotEncrypted(): string | null
  /** The same settings with each secret put through `change`. */
  withSecrets(settings: Settings, change: (secret: HeldSecret) => string): Settings
  /** Encrypts a secret for its place, the only one where it can be read. */
  encrypt(
    secret: string,
    place: { readonly connectionId: string; readonly side: Side; readonly member: string },
  ): string
}
