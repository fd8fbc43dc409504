import type { Answer } from './answer.js'
import type { Work } from './limits.js'
import type { Limits } from './limits.js'
import type { SandboxSystem, ServerParts } from './server.js'
import type { TokenCheck } from './tokens.js'

/** Carries a call out as far as the limits of who sends it allow, in the time that the tariff says. */
export async function withinLimits(
  system: SandboxSystem,
  limits: Limits,
  principal: string,
  answer: (work: Work) => Promise<Answer>,
): Promise<Answer> {
  const admission = await limits.admit(principal)
  if (admission.kind === 'refused') return system.limitAnswer(admission.excess, admission.retryAfter)
  const { permit } = admission
  const work: Work = { written: 0, read: 0 }
  const finish = (): Promise<void> => permit.finish({ startedAt: permit.startedAt, ...work })
  let answered: Answer
  try {
    answered = await answer(work)
  } catch (error) {
    await finish()
    throw error
  }
  await finish()
  return { ...answered, headers: { ...answered.headers, ...system.limitHeaders?.(permit) } }
}

/** Who sends a request: by token, or where the system takes it by user name and web service key. */
export function identify(
  parts: ServerParts,
  authorization: string,
): TokenCheck | { readonly kind: 'missing' } {
  const { system, tokens, directory } = parts
  const [, scheme, credential] = /^(bearer|basic)\s+(\S+)$/i.exec(authorization) ?? []
  if (scheme === undefined || credential === undefined) return { kind: 'missing' }
  if (scheme.toLowerCase() === 'bearer') return tokens.verify(credential)
  if (system.acceptsBasic?.() !== true) return { kind: 'missing' }
  const [, username = '', key = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(credential, 'base64').toString('utf8')) ?? []
  const user = directory.user(username)
  if (user === undefined || user.webServiceKey !== key || user.state !== null) return { kind: 'invalid' }
  return { kind: 'valid', caller: { clientId: '', username: user.username, audience: null, roles: [] } }
}
