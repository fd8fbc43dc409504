import type { Database } from '../../persistence/database.js'
import { admitUser } from '../../persistence/users.js'
import type { BearerVerifier } from './authenticator.js'
import { PrincipalKind } from './principal.js'
import type { Provider } from './provider.js'

/**
 * Lets in who shows an access token of the provider, under the same rules as who signs in there. A token that says nothing of a role
 * goes by the one that was told before, for `roleHours`.
 */
export function verifyBearers(database: Database, provider: Provider, roleHours: number): BearerVerifier {
  return {
    async verify(token) {
      const claimed = await provider.verify(token)
      if (claimed === null) return null
      const { id, name, role, isDisabled } = await admitUser(database.em.fork(), claimed, roleHours)
      return isDisabled || role === null
        ? null
        : { id, name, role, kind: PrincipalKind.user, connectionId: null }
    },
  }
}
