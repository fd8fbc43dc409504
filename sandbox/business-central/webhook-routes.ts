import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { readAdminBody } from '../common/switches.js'
import type { Notifier } from './notifier.js'

const webhookSchema = z.strictObject({ delay: z.number().int().min(0) })

/** The switch for notifications: milliseconds from the first change to the notification of it. */
export function addWebhookRoutes(routes: FastifyInstance, notifier: Notifier): void {
  routes.get('/sandbox/webhooks', async () => notifier.state())
  routes.post('/sandbox/webhooks', async (request, reply) => {
    const parsed = readAdminBody(webhookSchema, request.body)
    if (!parsed.success) return reply.code(400).send({ error: z.prettifyError(parsed.error) })
    notifier.setDelay(parsed.data.delay)
    return notifier.state()
  })
}
