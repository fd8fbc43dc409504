import type { Logger } from 'pino'
import { noteAttempt, takeDeliveries, type TakenDelivery } from '../persistence/alerts.js'
import type { Database } from '../persistence/database.js'
import type { SecretPlace } from '../secrets/stored-secret.js'
import { sendMessage } from './send-message.js'

export interface AlertDependencies {
  readonly database: Database
  readonly openSecret: (kept: string, place: SecretPlace) => string
  readonly logger: Logger
}

/** Where the secret of a channel belongs. */
export function channelSecretPlace(channelId: string): SecretPlace {
  return { connectionId: channelId, side: 'LOCAL', member: 'alertChannel' }
}

/** Sends what is due, each message to its channel; one that cannot be delivered keeps no other from it. */
export async function deliverAlerts(dependencies: AlertDependencies): Promise<void> {
  const taken = await takeDeliveries(dependencies.database.em.fork())
  await Promise.all(taken.map((delivery) => deliver(dependencies, delivery)))
}

async function deliver(
  { database, openSecret, logger }: AlertDependencies,
  delivery: TakenDelivery,
): Promise<void> {
  let failure: string | null = null
  try {
    const { secret, channelId } = delivery
    await sendMessage(delivery, secret === null ? null : openSecret(secret, channelSecretPlace(channelId)))
  } catch (error) {
    failure = reasonOf(error)
    logger.warn(
      { channel: delivery.channelName, attempts: delivery.attempts, failure },
      'An alert was not delivered',
    )
  }
  await noteAttempt(database.em.fork(), delivery, failure)
}

/** What `fetch` throws says only with its cause what happened. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error && cause.message !== '' ? `${error.message}: ${cause.message}` : error.message
}
