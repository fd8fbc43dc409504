import type { Installation } from './api/installation/installation.js'
import { readVersion } from './cli/version.js'
import { describeSettings } from './config.js'
import { SecretError } from './secrets.js'
import { readKeyRing, type KeySettings } from './secrets/key-ring.js'

/** What the API tells of this installation: its settings as the environment gives them (left out: that of this process), and the key for stored secrets as it is then. */
export function createInstallation(
  keys: KeySettings,
  environment?: Readonly<NodeJS.ProcessEnv>,
): Installation {
  return {
    version: readVersion(),
    settings: describeSettings(environment),
    secretKey() {
      try {
        const { current, previous } = readKeyRing(keys)
        return { current: current.id, previous: previous.map(({ id }) => id), problem: null }
      } catch (error) {
        if (error instanceof SecretError) return { current: null, previous: [], problem: error.message }
        throw error
      }
    },
  }
}
