import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A cookie of ours: its name without a prefix, and the path below ours that it is for. */
interface OwnCookie {
  readonly name: string
  readonly path: string
}

const SESSION: OwnCookie = { name: 'accord_session', path: '/' }

/** Binds the way to the provider and back to one browser. */
const AWAY: OwnCookie = { name: 'accord_sign_in', path: '/sign-in/callback' }

/** How browsers know one of our cookies. */
interface Known {
  readonly name: string
  readonly options: CookieSerializeOptions
}

/**
 * Browsers take what begins with `__Host-` over https alone, for the whole host, and from nobody but that host: no other host of the domain, and
 * nobody in between, can set it. Below a path prefix the host is shared with others, and `__Secure-` with that path is what is left.
 */
function known({ name, path }: OwnCookie, prefix: string, secure: boolean): Known {
  const shared = { httpOnly: true, sameSite: 'lax', secure } as const
  if (secure && prefix === '') return { name: `__Host-${name}`, options: { ...shared, path: '/' } }
  const whole = `${prefix}${path}`
  return {
    name: secure ? `__Secure-${name}` : name,
    options: { ...shared, path: path === '/' && prefix !== '' ? prefix : whole },
  }
}

/** The session that a request shows. */
export function sessionOf(request: FastifyRequest, secure: boolean): string | undefined {
  return request.cookies[known(SESSION, request.server.pathPrefix, secure).name]
}

export function setSession(reply: FastifyReply, secret: string, secure: boolean, hours: number): void {
  const { name, options } = known(SESSION, reply.server.pathPrefix, secure)
  void reply.setCookie(name, secret, { ...options, maxAge: hours * 3600 })
}

export function clearSession(reply: FastifyReply, secure: boolean): void {
  const { name, options } = known(SESSION, reply.server.pathPrefix, secure)
  void reply.clearCookie(name, options)
}

/** The state with which a browser was sent to the provider. */
export function awayStateOf(request: FastifyRequest, secure: boolean): string | undefined {
  return request.cookies[known(AWAY, request.server.pathPrefix, secure).name]
}

export function setAwayState(reply: FastifyReply, state: string, secure: boolean, minutes: number): void {
  const { name, options } = known(AWAY, reply.server.pathPrefix, secure)
  void reply.setCookie(name, state, { ...options, maxAge: minutes * 60 })
}

export function clearAwayState(reply: FastifyReply, secure: boolean): void {
  const { name, options } = known(AWAY, reply.server.pathPrefix, secure)
  void reply.clearCookie(name, options)
}

/** Where a browser was going before its user signed in: set by the sign-in page of the console itself, so whatever it holds is but a wish. */
const WISH = 'accord_return_to'

export function wishedPlaceOf(request: FastifyRequest): string | undefined {
  return request.cookies[WISH]
}

/** `path`: that of the route which reads it, to which the page has bound it. */
export function clearWishedPlace(reply: FastifyReply, path: string): void {
  void reply.clearCookie(WISH, { path: `${reply.server.pathPrefix}${path}` })
}
