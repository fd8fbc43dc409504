import type { HeldSecret, Settings, SettingsKeeper } from './api/connection/settings-keeper.js'
import { settingsProblems } from './connectors/create-connector.js'
import { secretsOf, withSecrets } from './connectors/secret-members.js'
import { SecretError } from './secrets.js'
import { readKeyRing, type KeySettings } from './secrets/key-ring.js'
import { encryptSecret, keptAs } from './secrets/stored-secret.js'

/** The API's way to the connectors' settings and to the key for stored secrets, which is read when it is needed and not kept. */
export function createSettingsKeeper(keys: KeySettings): SettingsKeeper {
  return {
    problems: (kind, settings) => {
      const kept = new Set(
        secrets(settings).flatMap(({ kind: how, member }) => (how === null ? [] : [member])),
      )
      // What a secret must look like can be told of the secret alone, not of what stands for it.
      return settingsProblems(kind, settings).filter(({ member }) => !kept.has(member))
    },
    secrets,
    whyNotEncrypted: () => {
      try {
        readKeyRing(keys)
        return null
      } catch (error) {
        if (error instanceof SecretError) return error.message
        throw error
      }
    },
    withSecrets: (settings, change) =>
      withSecrets(settings, (held, member) => change({ member, held, kind: keptAs(held) })),
    encrypt: (secret, place) => encryptSecret(secret, readKeyRing(keys), place),
  }
}

function secrets(settings: Settings): readonly HeldSecret[] {
  return secretsOf(settings).map(({ member, kept }) => ({ member, held: kept, kind: keptAs(kept) }))
}
