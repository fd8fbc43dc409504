import { X509Certificate } from 'node:crypto'
import { decodeProtectedHeader, errors, jwtVerify } from 'jose'
import type { Application } from './directory.js'

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export type AssertionCheck =
  | { readonly kind: 'valid' }
  /** Signed by no certificate that is registered. */
  | { readonly kind: 'unknownCertificate'; readonly thumbprint: string }
  | { readonly kind: 'outOfTime' }
  | { readonly kind: 'invalid'; readonly reason: string }

/** Seconds by which a client's clock may be ahead. */
const CLOCK_TOLERANCE = 5

/**
 * Checks a `client_assertion`: a JWT of the application about itself, signed with the key of a certificate that is registered for it
 * and that its header names by thumbprint (`x5t`, or `x5t#S256`).
 */
export async function checkAssertion(assertion: string, application: Application): Promise<AssertionCheck> {
  let thumbprint = ''
  try {
    const header: { readonly x5t?: unknown; readonly 'x5t#S256'?: unknown } = decodeProtectedHeader(assertion)
    thumbprint = String(header['x5t#S256'] ?? header.x5t ?? '')
    const certificate = application.certificates
      .map((pem) => new X509Certificate(pem))
      .find((candidate) => thumbprintsOf(candidate).includes(thumbprint))
    if (certificate === undefined) return { kind: 'unknownCertificate', thumbprint }
    const { payload } = await jwtVerify(assertion, certificate.publicKey, {
      algorithms: ['RS256', 'PS256'],
      issuer: application.id,
      subject: application.id,
      requiredClaims: ['exp', 'aud'],
      clockTolerance: CLOCK_TOLERANCE,
    })
    const audiences = [payload.aud ?? []].flat()
    if (audiences.some((audience) => /\/oauth2\/v2\.0\/token$|\/v2\.0$/.test(audience)))
      return { kind: 'valid' }
    return { kind: 'invalid', reason: `The audience '${audiences.join(' ')}' is not this token endpoint.` }
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed)
      return { kind: 'unknownCertificate', thumbprint }
    if (error instanceof errors.JWTExpired) return { kind: 'outOfTime' }
    // What is no JWT at all is told by a TypeError.
    if (error instanceof errors.JOSEError || error instanceof TypeError)
      return { kind: 'invalid', reason: error.message }
    throw error
  }
}

/** SHA-1 and SHA-256, as the header of a JWT writes them. */
function thumbprintsOf(certificate: X509Certificate): string[] {
  return [certificate.fingerprint, certificate.fingerprint256].map((hex) =>
    Buffer.from(hex.replaceAll(':', ''), 'hex').toString('base64url'),
  )
}
