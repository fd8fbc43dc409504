import { createHmac } from 'node:crypto'

const MARK = 'whsec_'

/** Headers by which a receiver knows a message to be ours, as Standard Webhooks has them. `at`: epoch milliseconds. */
export function signedHeaders(
  id: string,
  at: number,
  body: string,
  secret: string,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1000))
  const key = Buffer.from(secret.startsWith(MARK) ? secret.slice(MARK.length) : secret, 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8').digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}
