import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { includesRole, type Role } from '../../domain/role.js'
import { ErrorCode } from '../errors.js'
import { failure } from '../failure.js'
import type { Authenticator, Credentials, SignedIn } from './authenticator.js'
import { sessionOf } from './cookie.js'
import { isSecure } from './is-local.js'
import { refusal } from './rules.js'
import { isSameOrigin } from './same-origin.js'
import type { WrongAttempts } from './wrong-attempts.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends it; null on routes that ask nobody to sign in. */
    signedIn: SignedIn | null
  }
  interface FastifyContextConfig {
    /** The role that a route beside GraphQL needs; left out: it is open. */
    readonly needs?: Role
  }
}

export interface SignInGuard {
  readonly authenticator: Authenticator
  readonly attempts: WrongAttempts
  /** Where people reach the API, without a trailing slash; null: at the address that it listens on. */
  readonly publicUrl: string | null
  readonly logger: Logger
}

/** Lets nobody in without sign-in, to GraphQL at `path` and to every route whose `config.needs` names a role. */
export function requireSignIn(app: FastifyInstance, path: string, guard: SignInGuard): void {
  app.decorateRequest('signedIn', null)
  app.addHook('onRequest', async (request, reply) => {
    const { url, config } = request.routeOptions
    const { needs } = config
    if (url !== path && needs === undefined) return
    const signedIn = await identify(request, reply, guard)
    if (signedIn === null) return
    const { principal } = signedIn
    if (needs !== undefined && (!includesRole(principal.role, needs) || principal.connectionId !== null)) {
      const { message, extensions } = refusal(principal, url ?? 'This', needs)
      await reply.code(403).send(failure(ErrorCode.forbidden, message, extensions))
      return
    }
    request.signedIn = signedIn
  })
}

/** Who sends a request; null: it has been answered with a refusal. */
async function identify(
  request: FastifyRequest,
  reply: FastifyReply,
  guard: SignInGuard,
): Promise<SignedIn | null> {
  const { authenticator, publicUrl } = guard
  const { authorization } = request.headers
  const session = sessionOf(request, isSecure(request, publicUrl))
  const signedIn = await authenticator.authenticate({ authorization, session })
  if (signedIn === null) {
    const wait = noteWrong(request, { authorization, session }, guard)
    await (wait === null ? refuse(reply) : refuseForAWhile(reply, wait))
    return null
  }
  // A browser sends the cookie whoever made it send the request; only pages of ours may.
  if (signedIn.sessionId !== null && !isSameOrigin(request, publicUrl)) {
    await reply
      .code(403)
      .send(failure(ErrorCode.forbidden, 'A page of another origin may not use your session here.'))
    return null
  }
  return signedIn
}

/**
 * Notes that wrong credentials came, if any did. Returns the seconds for which that address is to wait, once it has tried too often; else
 * null.
 */
export function noteWrong(
  { ip }: FastifyRequest,
  { authorization, session }: Credentials,
  { attempts, logger }: SignInGuard,
): number | null {
  if (authorization === undefined && session === undefined) return null
  const wait = attempts.note(ip)
  // Past the limit it is not even logged: nobody fills the disk by guessing.
  if (wait === null) {
    const how = authorization === undefined ? 'session' : 'token'
    logger.warn({ address: ip, how }, 'A request with wrong credentials was refused')
  }
  return wait
}

async function refuse(reply: FastifyReply): Promise<void> {
  await reply
    .header('www-authenticate', 'Bearer realm="Accord"')
    .code(401)
    .send(
      failure(
        ErrorCode.unauthenticated,
        `Send the header Authorization: Bearer <token>; \`accord status --json\` shows the token of this machine, \`accord tokens create\` makes others. People sign in at ${reply.server.pathPrefix}/sign-in.`,
      ),
    )
}

async function refuseForAWhile(reply: FastifyReply, seconds: number): Promise<void> {
  await reply
    .header('retry-after', String(seconds))
    .code(429)
    .send(
      failure(
        ErrorCode.rateLimited,
        `Too many wrong credentials came from this address. Try again in ${seconds} s.`,
      ),
    )
}
