/** One setting of this installation, as its environment gives it. */
export interface SettingInUse {
  /** `ACCORD_ERROR_DAYS`. */
  readonly variable: string
  readonly purpose: string
  /** What holds now; null: nothing does, or it is a secret. */
  readonly value: string | null
  /** Whether the environment sets it; otherwise its default holds. */
  readonly isSet: boolean
  readonly isSecret: boolean
}

/** The key for stored secrets, by fingerprints. */
export interface SecretKeyState {
  /** Null: there is none that can be used. */
  readonly current: string | null
  /** Keys that only decrypt, until what they encrypted has been encrypted anew. */
  readonly previous: readonly string[]
  /** Why secrets cannot be stored or read, in words with what to do; null: they can. */
  readonly problem: string | null
}

/** What the API tells of the installation it is part of. */
export interface Installation {
  readonly version: string
  readonly settings: readonly SettingInUse[]
  /** Looked at when it is asked for. */
  secretKey(): SecretKeyState
}
