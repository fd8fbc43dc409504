import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'

/**
 * Says once that requests come by a proxy which is not trusted: then all who come by it share one address, and with it the limits of one.
 */
export function noticeProxies(app: FastifyInstance, logger: Logger): void {
  let isTold = false
  app.addHook('onRequest', async ({ headers, ips, socket }) => {
    if (isTold || headers['x-forwarded-for'] === undefined || (ips?.length ?? 0) > 1) return
    isTold = true
    logger.warn(
      { proxy: socket.remoteAddress },
      'Requests come by a proxy that is not trusted, so all who come by it count as one: ACCORD_TRUSTED_PROXIES names those that are',
    )
  })
}
