import type { FastifyReply, FastifyRequest } from 'fastify'

/** With the prefix no other host of the domain, and nobody in between, can set it. Browsers take that over https alone. */
const name = (secure: boolean): string => (secure ? '__Host-accord_session' : 'accord_session')

/** The session that a request shows. */
export function sessionOf(request: FastifyRequest, secure: boolean): string | undefined {
  return request.cookies[name(secure)]
}

export function setSession(reply: FastifyReply, secret: string, secure: boolean, hours: number): void {
  void reply.setCookie(name(secure), secret, {
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path: '/',
    maxAge: hours * 3600,
  })
}

export function clearSession(reply: FastifyReply, secure: boolean): void {
  void reply.clearCookie(name(secure), { httpOnly: true, sameSite: 'lax', secure, path: '/' })
}
