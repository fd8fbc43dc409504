import { X509Certificate, constants, verify } from 'node:crypto'
import { z } from 'zod'
import type { Application } from './directory.js'

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export type AssertionCheck =
  | { readonly kind: 'valid' }
  /** Signed by no certificate that is registered. */
  | { readonly kind: 'unknownCertificate'; readonly thumbprint: string }
  | { readonly kind: 'outOfTime' }
  | { readonly kind: 'invalid'; readonly reason: string }

const headerSchema = z.looseObject({
  alg: z.enum(['RS256', 'PS256']),
  x5t: z.string().optional(),
  'x5t#S256': z.string().optional(),
})
const claimsSchema = z.looseObject({
  aud: z.string().regex(/\/oauth2\/v2\.0\/token$|\/v2\.0$/, { error: 'is not this token endpoint' }),
  iss: z.string(),
  sub: z.string(),
  exp: z.number(),
  nbf: z.number().optional(),
})

/**
 * Checks a `client_assertion`: a JWT of the application about itself, signed with the key of a certificate that is registered for it
 * and that its header names by thumbprint (`x5t`, or `x5t#S256`).
 */
export function checkAssertion(assertion: string, application: Application): AssertionCheck {
  const [head = '', payload = '', signature = '', ...rest] = assertion.split('.')
  const header = headerSchema.safeParse(decode(head))
  const claims = claimsSchema.safeParse(decode(payload))
  if (rest.length > 0 || !header.success || !claims.success) {
    const error = header.error ?? claims.error
    return {
      kind: 'invalid',
      reason: error === undefined ? 'It has too many parts.' : z.prettifyError(error),
    }
  }
  const thumbprint = header.data['x5t#S256'] ?? header.data.x5t ?? ''
  const certificate = application.certificates
    .map((pem) => new X509Certificate(pem))
    .find((candidate) => thumbprintsOf(candidate).includes(thumbprint))
  const padding =
    header.data.alg === 'PS256'
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : { padding: constants.RSA_PKCS1_PADDING }
  const signed =
    certificate !== undefined &&
    verify(
      'sha256',
      Buffer.from(`${head}.${payload}`),
      { key: certificate.publicKey, ...padding },
      Buffer.from(signature, 'base64url'),
    )
  if (!signed) return { kind: 'unknownCertificate', thumbprint }
  const { iss, sub, exp, nbf = 0 } = claims.data
  if (iss !== application.id || sub !== application.id)
    return { kind: 'invalid', reason: 'Its issuer and its subject must be the client.' }
  const now = Date.now() / 1000
  return exp <= now || nbf > now + CLOCK_TOLERANCE ? { kind: 'outOfTime' } : { kind: 'valid' }
}

/** Seconds by which a client's clock may be ahead. */
const CLOCK_TOLERANCE = 300

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch (error) {
    // What is not JSON is answered like any other value that does not fit.
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** SHA-1 and SHA-256, as the header of a JWT writes them. */
function thumbprintsOf(certificate: X509Certificate): string[] {
  return [certificate.fingerprint, certificate.fingerprint256].map((hex) =>
    Buffer.from(hex.replaceAll(':', ''), 'hex').toString('base64url'),
  )
}
