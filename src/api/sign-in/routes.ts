import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { Role } from '../../domain/role.js'
import { addAuditEntry } from '../../persistence/audit.js'
import type { Database } from '../../persistence/database.js'
import { endSession, endSessionOfHash, openSession } from '../../persistence/sessions.js'
import { addTicket, takeTicket, TicketKind } from '../../persistence/tickets.js'
import { admitUser } from '../../persistence/users.js'
import { withoutPrefix } from '../path-prefix.js'
import type { ClaimedIdentity } from './claims.js'
import {
  awayStateOf,
  clearAwayState,
  clearSession,
  clearWishedPlace,
  sessionOf,
  setAwayState,
  setSession,
  wishedPlaceOf,
} from './cookie.js'
import { isLocal, isSecure } from './is-local.js'
import type { SignInOptions } from './options.js'
import { sendPage } from './pages.js'
import { LOCAL_PRINCIPAL, PrincipalKind, type Principal } from './principal.js'
import { ProviderUnavailableError } from './provider-unavailable.js'
import { withoutTokens, type Provider } from './provider.js'
import { hashOf, newSecret } from './secrets.js'
import type { WrongAttempts } from './wrong-attempts.js'

export const LINK_PATH = '/sign-in/link'
const CALLBACK_PATH = '/sign-in/callback'
/** Minutes in which somebody has to be back from the provider. */
const MINUTES_AWAY = 10

export interface SignInRoutes {
  readonly database: Database
  readonly provider: Provider | null
  readonly options: SignInOptions
  readonly attempts: WrongAttempts
  readonly logger: Logger
}

/** Serves what browsers sign in and out by: `/sign-in`, its way back from the provider, the link of this machine, `/sign-out`. */
export function serveSignIn(app: FastifyInstance, routes: SignInRoutes): void {
  app.get('/sign-in', (request, reply) => goToProvider(routes, request, reply))
  app.get(CALLBACK_PATH, (request, reply) => comeBack(routes, request, reply))
  app.get(LINK_PATH, (request, reply) => followLink(routes, request, reply))
  app.post('/sign-out', { config: { needs: Role.viewer } }, (request, reply) =>
    signOut(routes, request, reply),
  )
}

async function goToProvider(
  { database, provider, options, attempts, logger }: SignInRoutes,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  if (provider === null) {
    return sendPage(
      reply,
      404,
      'No provider of sign-in is set up',
      'On the machine that Accord runs on, "npx accord sign-in" in the folder of Accord shows a link that signs you in. ACCORD_OIDC_ISSUER names a provider for everybody else.',
    )
  }
  // Each keeps a row until it comes back, or expires.
  if (attempts.note(request.ip) !== null) return tooManyAttempts(reply)
  const checks = provider.newChecks()
  let address: URL
  try {
    address = await provider.authorizationUrl(callbackUrl(request, options), checks)
  } catch (error) {
    logger.error({ err: withoutTokens(error) }, 'The provider of sign-in cannot be reached')
    return sendPage(
      reply,
      503,
      'The provider of sign-in cannot be reached',
      'Try again later. The log of Accord says more.',
    )
  }
  await addTicket(database.em.fork(), TicketKind.provider, hashOf(checks.state), MINUTES_AWAY, {
    nonce: checks.nonce,
    codeVerifier: checks.codeVerifier,
    returnTo: localPath((request.query as Readonly<Record<string, unknown>>)['to'], reply.server.pathPrefix),
  })
  setAwayState(reply, checks.state, isSecure(request, options.publicUrl), MINUTES_AWAY)
  await reply.header('cache-control', 'no-store').redirect(address.href, 303)
}

async function comeBack(routes: SignInRoutes, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { database, provider, options, attempts, logger } = routes
  if (provider === null) return reply.callNotFound()
  const url = new URL(callbackUrl(request, options))
  url.search = new URL(request.url, url).search
  const state = url.searchParams.get('state')
  const secure = isSecure(request, options.publicUrl)
  const sameBrowser = state !== null && hashOf(awayStateOf(request, secure) ?? '') === hashOf(state)
  const ticket = sameBrowser ? await takeTicket(database.em.fork(), TicketKind.provider, hashOf(state)) : null
  clearAwayState(reply, secure)
  if (ticket?.nonce == null || ticket.codeVerifier === null || state === null) {
    if (attempts.note(request.ip) !== null) return tooManyAttempts(reply)
    return sendPage(
      reply,
      400,
      'You are not signed in',
      `This sign-in was not begun in this browser, was used already, or took more than ${MINUTES_AWAY} minutes.`,
    )
  }
  let claimed: ClaimedIdentity
  try {
    claimed = await provider.identify(url, { state, nonce: ticket.nonce, codeVerifier: ticket.codeVerifier })
  } catch (error) {
    logger.warn({ err: withoutTokens(error) }, 'A sign-in at the provider did not succeed')
    if (error instanceof ProviderUnavailableError)
      return sendPage(reply, 503, 'You are not signed in', `${error.message} Try again later.`)
    return sendPage(reply, 400, 'You are not signed in', 'The provider did not sign you in.')
  }
  attempts.forgive(request.ip)
  const { id, name, role, isDisabled } = await admitUser(database.em.fork(), claimed, options.sessionHours)
  if (isDisabled || role === null) {
    logger.warn({ user: name, isDisabled }, 'Somebody who is disabled, or has no role, tried to sign in')
    const why = isDisabled
      ? 'An administrator has disabled you here.'
      : 'You have no role here yet. An administrator gives you one, here or at the provider.'
    return sendPage(reply, 403, 'You are not signed in', `${name}: ${why}`)
  }
  await begin(routes, request, reply, { id, name, role, kind: PrincipalKind.user, connectionId: null }, id)
  await reply.redirect(ticket.returnTo ?? `${reply.server.pathPrefix}/`, 303)
}

async function followLink(routes: SignInRoutes, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { database, attempts, logger } = routes
  if (!isLocal(request)) return reply.callNotFound()
  const { ticket } = request.query as Readonly<Record<string, unknown>>
  const taken =
    typeof ticket === 'string' && ticket !== ''
      ? await takeTicket(database.em.fork(), TicketKind.link, hashOf(ticket))
      : null
  if (taken === null) {
    if (attempts.note(request.ip) !== null) return tooManyAttempts(reply)
    logger.warn({ address: request.ip, how: 'link' }, 'A request with wrong credentials was refused')
    return sendPage(
      reply,
      400,
      'This link signs nobody in',
      'It was used already, or is too old. "npx accord sign-in" in the folder of Accord shows another.',
    )
  }
  await begin(routes, request, reply, LOCAL_PRINCIPAL, null)
  const prefix = reply.server.pathPrefix
  const place = localPath(wishedPlaceOf(request), prefix) ?? `${prefix}/`
  clearWishedPlace(reply, LINK_PATH)
  await reply.header('referrer-policy', 'no-referrer').redirect(place, 303)
}

/** Opens a session in place of the one that the browser had, gives it its cookie, and notes it in the audit log. */
async function begin(
  { database, options }: SignInRoutes,
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal,
  userId: string | null,
): Promise<void> {
  const secret = newSecret()
  const hours = options.sessionHours
  const secure = isSecure(request, options.publicUrl)
  const earlier = sessionOf(request, secure)
  await note(database, request, principal, 'signIn')
  if (earlier !== undefined) await endSessionOfHash(database.em.fork(), hashOf(earlier))
  await openSession(database.em.fork(), { hash: hashOf(secret), userId, hours })
  setSession(reply, secret, secure, hours)
  void reply.header('cache-control', 'no-store')
}

async function signOut(
  { database, options }: SignInRoutes,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { signedIn } = request
  if (signedIn?.sessionId != null) {
    await endSession(database.em.fork(), signedIn.sessionId)
    await note(database, request, signedIn.principal, 'signOut')
  }
  clearSession(reply, isSecure(request, options.publicUrl))
  await reply.header('cache-control', 'no-store').code(204).send()
}

async function note(
  database: Database,
  request: FastifyRequest,
  actor: Principal,
  action: string,
): Promise<void> {
  await addAuditEntry(database.em.fork(), {
    actor,
    action,
    arguments: {},
    outcome: 'OK',
    address: request.ip,
  })
}

async function tooManyAttempts(reply: FastifyReply): Promise<void> {
  await sendPage(reply, 429, 'Too many attempts', 'Try again in a minute.')
}

function callbackUrl(request: FastifyRequest, { publicUrl }: SignInOptions): string {
  return `${publicUrl ?? `${request.protocol}://${request.host}`}${CALLBACK_PATH}`
}

/** A place of ours to go to afterwards, with or without the prefix; anything else is none. */
function localPath(value: unknown, prefix: string): string | null {
  if (typeof value !== 'string' || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(value)) return null
  // As a browser takes it: without `..`.
  const { pathname, search, hash } = new URL(value, 'http://localhost')
  const path = `${pathname}${search}${hash}`
  if (path.startsWith('//')) return null
  return `${prefix}${withoutPrefix(path, prefix)}`
}
