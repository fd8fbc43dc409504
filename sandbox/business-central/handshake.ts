import { randomUUID } from 'node:crypto'
import { BusinessCentralError } from './errors.js'

/** Milliseconds that a subscriber has for an answer. */
export const PATIENCE = 10_000

/**
 * Asks the address of a subscriber whether it wants to be told: it must answer 200 with the token that it is sent. Throws
 * 400 when it does not.
 */
export async function shakeHands(notificationUrl: string): Promise<void> {
  const token = randomUUID()
  if (!URL.canParse(notificationUrl) || !/^https?:/i.test(notificationUrl))
    throw refused(`'${notificationUrl}' is no address`)
  const url = new URL(notificationUrl)
  url.searchParams.set('validationToken', token)
  let status: number
  let body: string
  try {
    const response = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(PATIENCE) })
    status = response.status
    body = await response.text()
  } catch (error) {
    throw refused(`it cannot be reached (${error instanceof Error ? error.message : String(error)})`)
  }
  if (status !== 200) throw refused(`it answered ${status}`)
  if (body.trim() !== token) throw refused('it did not return the validation token')
}

function refused(reason: string): BusinessCentralError {
  return new BusinessCentralError(
    400,
    'BadRequest',
    `The notification URL could not be validated: ${reason}.`,
  )
}
