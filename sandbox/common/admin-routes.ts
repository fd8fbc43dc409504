import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { faultSchema } from './faults.js'
import type { Limits } from './limits.js'
import { limitsSchema } from './limits.js'
import type { ServerParts } from './server.js'
import { addSignInSwitch } from './sign-in-switch.js'
import { addSwitch, readAdminBody } from './switches.js'

const clockSchema = z.strictObject({ offset: z.number().int() })

/**
 * The sandbox's own switches, outside both APIs: health, faults, clock, metrics. They need no token and answer only to
 * this computer.
 */
export function addAdminRoutes(
  app: FastifyInstance,
  parts: Pick<ServerParts, 'system' | 'clock' | 'directory' | 'faults' | 'metrics'>,
  limits: Limits,
): void {
  const { system, clock, directory, faults, metrics } = parts
  app.register(async (routes) => {
    routes.addHook('onRequest', async (request, reply) => {
      if (!/^(127\.|::1$|::ffff:127\.)/.test(request.ip))
        await reply.code(403).send({ error: 'Only from this computer.' })
    })
    routes.get('/sandbox/health', async () => ({ status: 'ok', system: system.name }))

    routes.get('/sandbox/faults', async () => ({ faults: faults.list() }))
    routes.post('/sandbox/faults', async (request, reply) => {
      const parsed = readAdminBody(faultSchema, request.body)
      return parsed.success
        ? reply.code(201).send(faults.add(parsed.data))
        : reply.code(400).send({ error: z.prettifyError(parsed.error) })
    })
    routes.delete('/sandbox/faults', async (_request, reply) => {
      faults.clear()
      return reply.code(204).send()
    })

    routes.get('/sandbox/clock', async () => ({
      offset: clock.offset(),
      now: new Date(clock.now()).toISOString(),
    }))
    routes.post('/sandbox/clock', async (request, reply) => {
      const parsed = readAdminBody(clockSchema, request.body)
      if (!parsed.success) return reply.code(400).send({ error: z.prettifyError(parsed.error) })
      await clock.setOffset(parsed.data.offset)
      return { offset: clock.offset(), now: new Date(clock.now()).toISOString() }
    })

    routes.get('/sandbox/metrics', async () => metrics.report())
    routes.delete('/sandbox/metrics', async (_request, reply) => {
      metrics.reset()
      return reply.code(204).send()
    })
    addSwitch(routes, 'limits', limitsSchema, {
      set: (options) => {
        limits.change(options)
        return null
      },
      clear: () => limits.clear(),
      report: () => limits.report(),
    })
    addSignInSwitch(routes, directory)
    system.addAdminRoutes?.(routes)
  })
}
