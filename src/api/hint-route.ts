import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Side } from '../domain/value.js'
import type { Database } from '../persistence/database.js'
import { notifiables, type Notifiable } from '../persistence/queries/hint-subscriptions.js'
import { mappingsToWake } from '../persistence/queries/mappings-of-table.js'
import type { RunControl } from '../temporal/run-control.js'
import { limitByAddress } from './guard/rate-limit.js'

/** Bytes of one post: a thousand notifications of each of a dozen tables. */
const LARGEST_POST = 8 * 1024 * 1024

/** Of one address, a minute: a system tells of much at once. */
const MOST_POSTS = 1_200

const parametersSchema = z.object({ connectionId: z.uuid() })
const greetingSchema = z.object({ validationToken: z.string().min(1).max(4096) })
const postSchema = z.object({
  value: z.array(z.object({ subscriptionId: z.string(), clientState: z.string().optional() })),
})

export interface HintRouteDependencies {
  readonly database: Database
  readonly runControl: Pick<RunControl, 'hint'>
  readonly logger: Logger
}

/**
 * Where systems send their notifications: `POST /hints/CONNECTION`. They carry no bearer token: what they say is only believed where they
 * know the secret of their subscription, and it is no more than that something has changed. It is answered before anything is
 * woken. 404 to a subscription that nobody knows has the system forget it.
 */
export function serveHints(
  app: FastifyInstance,
  { database, runControl, logger }: HintRouteDependencies,
): void {
  app.post(
    '/hints/:connectionId',
    { bodyLimit: LARGEST_POST, config: limitByAddress(MOST_POSTS) },
    async (request, reply) => {
      const parameters = parametersSchema.safeParse(request.params)
      const greeting = greetingSchema.safeParse(request.query)
      if (!parameters.success) return reply.callNotFound()
      const { connectionId } = parameters.data
      const known = await notifiables(database.em.fork(), connectionId)
      if (known.length === 0) return reply.callNotFound()
      if (greeting.success) {
        return reply
          .type('text/plain; charset=utf-8')
          .header('x-content-type-options', 'nosniff')
          .send(greeting.data.validationToken)
      }
      const post = postSchema.safeParse(request.body)
      if (!post.success) return reply.code(400).send()
      const { value } = post.data
      const changed = changedTables(known, value)
      const isOurs = value.some(({ subscriptionId }) =>
        known.some((table) => table.subscriptionId === subscriptionId),
      )
      if (changed.length === 0 && !isOurs) return reply.callNotFound()
      if (changed.length === 0)
        logger.warn({ connectionId }, 'A notification without the right secret was ignored')
      await reply.code(202).send()
      const woken = await Promise.allSettled(
        changed.map(({ side, table }) => wake({ database, runControl }, connectionId, side, table)),
      )
      for (const result of woken)
        if (result.status === 'rejected')
          logger.error(
            { err: result.reason as unknown, connectionId },
            'A notification woke nothing; the change is found by the next scheduled run',
          )
      return reply
    },
  )
}

function changedTables(
  known: readonly Notifiable[],
  notifications: readonly { readonly clientState?: string | undefined }[],
): readonly Notifiable[] {
  // No more than one post of the system can hold: each table has a state, and its next one.
  const states = [...new Set(notifications.flatMap(({ clientState }) => clientState ?? []))].slice(
    0,
    2 * known.length,
  )
  return known.filter((table) => states.map((state) => table.provenBy(state)).includes(true))
}

async function wake(
  { database, runControl }: Pick<HintRouteDependencies, 'database' | 'runControl'>,
  connectionId: string,
  side: Side,
  table: string,
): Promise<void> {
  const mappings = await mappingsToWake(database.em.fork(), connectionId, side, table)
  await Promise.all(mappings.map((mapping) => runControl.hint(mapping.id)))
}
