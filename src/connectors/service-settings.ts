import { z } from 'zod'
import type { Limits } from '../domain/governor.js'

/** Secrets travel in clear text over plain HTTP, so it is for servers on this machine only. */
export const address = z
  .url({
    protocol: /^https?$/,
    error: 'must be an address that begins with https:// (http:// only to this machine)',
    abort: true,
  })
  .refine(isSafeAddress, {
    error: 'must begin with https://, as secrets are sent there (http:// only to this machine)',
    abort: true,
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

const filled = z.string().min(1)
const tokenRequest = { tokenUrl: address, clientId: filled, scope: filled }

/** Client credentials of an application, with its secret. */
const clientSecret = z.strictObject({
  kind: z.literal('clientSecret'),
  ...tokenRequest,
  clientSecret: filled,
})

/** Client credentials of an application, with a certificate registered for it. Both are PEM text. */
const certificate = z.strictObject({
  kind: z.literal('certificate'),
  ...tokenRequest,
  certificate: pem('a certificate'),
  privateKey: filled,
})

/** A user with password at the token endpoint (ROPC); for systems that know no applications. */
const password = z.strictObject({
  kind: z.literal('password'),
  ...tokenRequest,
  clientSecret: filled.optional(),
  username: filled,
  password: filled,
})

/** A user with password, or with the web service access key of Business Central on-premises. */
const basic = z.strictObject({
  kind: z.literal('basic'),
  username: filled.refine((name) => !name.includes(':'), { error: 'must not contain a colon' }),
  password: filled,
})

/** A token that does not change. */
const bearer = z.strictObject({ kind: z.literal('bearer'), token: filled })

const none = z.strictObject({ kind: z.literal('none') })

/** How Accord shows who it is. */
export const signIn = z.discriminatedUnion('kind', [clientSecret, certificate, password, basic, bearer, none])
export type SignIn = z.output<typeof signIn>

/** The way to a service. Times are in milliseconds. */
export const networkSettings = {
  /** Of an HTTP proxy through which everything goes, token requests too. */
  proxy: z
    .url({
      protocol: /^https?$/,
      error: 'must be the address of a proxy: it begins with http:// or https://',
      abort: true,
    })
    .refine((url) => !URL.canParse(url) || new URL(url).username + new URL(url).password === '', {
      error: 'must not hold user and password; they belong into proxySignIn',
    })
    .optional(),
  proxySignIn: z.strictObject({ username: filled, password: filled }).optional(),
  /** Certificates (PEM) of authorities that are trusted besides the well-known ones. */
  certificateAuthorities: pem('the certificates of authorities').optional(),
  connectTimeout: milliseconds.default(10_000),
  requestTimeout: milliseconds.default(60_000),
}

/** What every service over HTTP has. Times are in milliseconds. */
export const serviceSettings = {
  signIn,
  ...networkSettings,
  maximumFlight: milliseconds.default(600_000),
}

/**
 * What a service lets one principal do: as its maker documents it, unless the settings say otherwise. Times are in milliseconds; null:
 * without limit.
 */
export function limitsWith(documented: Limits) {
  return z
    .strictObject({
      window: milliseconds.default(documented.window),
      requests: z.int().positive().nullable().default(documented.requests),
      execution: milliseconds.nullable().default(documented.execution),
      concurrency: z.int().positive().default(documented.concurrency),
    })
    .prefault({})
}

function pem(what: string) {
  return z.string().regex(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/, {
    error: `must be ${what} in PEM form: -----BEGIN CERTIFICATE-----`,
  })
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
