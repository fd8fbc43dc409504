import { z } from 'zod'

/** Secrets travel in clear text over plain HTTP, so it is for servers on this machine only. */
export const address = z
  .url({ protocol: /^https?$/, error: 'is not an address; it begins with https://' })
  .refine(isSafeAddress, {
    error: 'must begin with https://, as secrets are sent there (http:// only to this machine)',
  })

export const milliseconds = z.int().positive()

/**
 * Members of a connection's settings that hold a secret, wherever they stand in them. They are stored encrypted or as a reference
 * (`env:NAME`, `file:PATH`), never shown and never logged.
 */
export const SECRET_MEMBERS: ReadonlySet<string> = new Set([
  'clientSecret',
  'password',
  'privateKey',
  'token',
])

/** Client credentials of an application, with its secret. */
const clientSecret = z.strictObject({
  kind: z.literal('clientSecret'),
  tokenUrl: address,
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  scope: z.string().min(1),
})

/** How Accord shows who it is. */
export const signIn = z.discriminatedUnion('kind', [clientSecret])
export type SignIn = z.output<typeof signIn>

/** What every service over HTTP has. Times are in milliseconds. */
export const serviceSettings = {
  signIn,
  requestTimeout: milliseconds.default(60_000),
  maximumFlight: milliseconds.default(600_000),
}

function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return (
    protocol === 'https:' ||
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  )
}
