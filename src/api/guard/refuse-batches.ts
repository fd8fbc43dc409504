import type { FastifyInstance } from 'fastify'
import { ErrorCode } from '../errors.js'
import { failure } from '../failure.js'

/** Refuses several operations in one HTTP request at `path`: each would be within the limits, and all together far beyond. */
export function refuseBatches(app: FastifyInstance, path: string): void {
  app.addHook('preValidation', async (request, reply) => {
    if (request.routeOptions.url !== path || !Array.isArray(request.body)) return
    const remedy = 'Send each operation in a request of its own, or put several fields into one operation.'
    await reply.code(400).send(
      failure(ErrorCode.batchRefused, `One request carries one operation. ${remedy}`, {
        what: 'operations of a request',
        limit: 1,
        found: request.body.length,
        remedy,
      }),
    )
  })
}
