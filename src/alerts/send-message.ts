import { createTransport } from 'nodemailer'
import { MailSecurity, type AlertMessage } from '../domain/alert.js'
import type { ChannelSettings, TakenDelivery } from '../persistence/alerts.js'
import { assertNever } from '../domain/value.js'
import { isWebAddress } from '../domain/web-address.js'
import { signedHeaders } from './sign-webhook.js'

/** Milliseconds that a receiver may take. */
const DEADLINE = 15_000

/** Characters of an answer that are kept. */
const LONGEST_ANSWER = 300

/** A channel did not take a message; the message says what it answered. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'
}

/** Sends a message over its channel. `secret`: as it is used. Throws {@link DeliveryError} and what the network throws. */
export async function sendMessage(delivery: TakenDelivery, secret: string | null): Promise<void> {
  const { kind, settings, message, id } = delivery
  switch (kind) {
    case 'WEBHOOK': {
      const body = JSON.stringify({
        type: `alert.${message.event.toLowerCase()}`,
        timestamp: message.at,
        data: { rule: message.rule, subject: message.subject, text: message.text },
      })
      return post(settings.url ?? '', body, signedHeaders(id, Date.now(), body, secret ?? ''))
    }
    case 'SLACK':
      // What is thrown about an address that is none would repeat it.
      if (!isWebAddress(secret ?? ''))
        throw new DeliveryError('The address of the channel is no web address. Enter it again.')
      return post(secret ?? '', JSON.stringify({ text: `*${titleOf(message)}*\n${message.text}` }), {})
    case 'EMAIL':
      return mail(settings, secret, id, message)
    default:
      return assertNever(kind)
  }
}

async function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'Accord', ...headers },
    body,
    // Where it leads is for the one who has set the address to say.
    redirect: 'manual',
    signal: AbortSignal.timeout(DEADLINE),
  })
  const text = await answer.text()
  if (!answer.ok)
    throw new DeliveryError(`The receiver answered ${answer.status}: ${text.slice(0, LONGEST_ANSWER)}`)
}

async function mail(
  { mail: settings }: ChannelSettings,
  password: string | null,
  id: string,
  message: AlertMessage,
): Promise<void> {
  if (settings === undefined) throw new DeliveryError('The channel has no settings for mail.')
  const { host, port, security, user, from, to } = settings
  const transport = createTransport({
    host,
    port,
    secure: security === MailSecurity.tls,
    requireTLS: security === MailSecurity.startTls,
    ignoreTLS: security === MailSecurity.none,
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: DEADLINE,
    greetingTimeout: DEADLINE,
    socketTimeout: DEADLINE,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    const { rejected } = await transport.sendMail({
      from,
      to: [...to],
      subject: titleOf(message),
      text: `${message.text}\n\n${message.subject}, ${message.at}\n`,
      messageId: `<${id}@accord.invalid>`,
    })
    if (rejected.length > 0) throw new DeliveryError(`The mail server refused ${rejected.length} recipients.`)
  } finally {
    transport.close()
  }
}

function titleOf({ event, rule, subject }: AlertMessage): string {
  switch (event) {
    case 'FIRED':
      return `${rule?.name ?? 'Alert'}: ${subject}`
    case 'RECOVERED':
      return `Recovered: ${rule?.name ?? 'Alert'}: ${subject}`
    case 'TEST':
      return 'Test of a channel for alerts'
    default:
      return assertNever(event)
  }
}
