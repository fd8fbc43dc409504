import type { Finding } from '../domain/finding.js'
import type { CheckRequest, Connector } from './connector.js'
import { principalOf } from './http/credentials.js'
import type { SignIn } from './service-settings.js'

/**
 * Checks a system in the name of each of its registered applications, as calls are shared out among them and each has rights of its own.
 * A finding names those it holds for; what is found in the names of all is told once. `connectAs`: a connector that signs in so alone.
 */
export async function checkEverySignIn(
  signIns: readonly SignIn[],
  connectAs: (signIn: SignIn) => Connector,
  request: CheckRequest,
): Promise<readonly Finding[]> {
  const found = new Map<string, { readonly finding: Finding; readonly principals: string[] }>()
  for (const signIn of signIns) {
    request.signal?.throwIfAborted()
    const connector = connectAs(signIn)
    try {
      for (const finding of await connector.check(request)) {
        const key = JSON.stringify([finding.code, finding.what])
        const known = found.get(key) ?? { finding, principals: [] }
        const principal = principalOf(signIn)
        if (!known.principals.includes(principal)) known.principals.push(principal)
        found.set(key, known)
      }
    } finally {
      await connector.close()
    }
  }
  return [...found.values()].map(({ finding, principals }) => ({
    ...finding,
    what: `${finding.what} (Signed in as ${principals.join(', ')}.)`,
  }))
}
