import type { FastifyRequest } from 'fastify'

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/
const LOCAL_NAME = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i
/** What proxies add, each its own; a client adds them to no avail. */
const OF_PROXIES =
  /^(?:forwarded|via|x-real-ip|x-forwarded(?:-.*)?|x-client-ip|x-original-.*|true-client-ip|cf-.*)$/

/** Whether a request comes from this machine, for this machine, and not by way of a proxy on it, trusted or not. */
export function isLocal({ headers, socket }: FastifyRequest): boolean {
  const proxied = Object.keys(headers).some((name) => OF_PROXIES.test(name))
  return !proxied && LOOPBACK.test(socket.remoteAddress ?? '') && LOCAL_NAME.test(headers.host ?? '')
}

/** Whether people's browsers reach us by https: then cookies go that way alone. */
export function isSecure(request: FastifyRequest, publicUrl: string | null): boolean {
  return request.protocol === 'https' || (publicUrl?.startsWith('https:') === true && !isLocal(request))
}
