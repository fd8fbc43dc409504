declare module 'fastify' {
  interface FastifyInstance {
    /** What stands before every path of ours where people see it: `/accord`, or nothing. */
    readonly pathPrefix: string
  }
}

/** The path of the address at which people reach Accord, without a slash at its end: `/accord`, or nothing. */
export function prefixOf(publicUrl: string | null): string {
  return publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '')
}

/**
 * What a request asks for, whether it came with the prefix or without: some proxies take it off, and programs of this machine do not
 * know of it.
 */
export function withoutPrefix(url: string, prefix: string): string {
  if (prefix === '' || !url.startsWith(prefix)) return url
  const rest = url.slice(prefix.length)
  if (rest === '' || rest.startsWith('?')) return `/${rest}`
  return rest.startsWith('/') ? rest : url
}
