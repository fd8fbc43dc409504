import type { FastifyInstance } from 'fastify'
import { failure } from '../failure.js'

const HOST = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i

/** Refuses requests for a host that is none: addresses, and what a page may talk to, are made of it. A probe may leave it out. */
export function refuseHosts(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { host } = request
    if (host === '' || (HOST.test(host) && URL.canParse(`http://${host}`))) return
    await reply.code(400).send(failure('BAD_REQUEST', 'The header Host, or X-Forwarded-Host, names no host.'))
  })
}
