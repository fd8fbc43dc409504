import { createPrivateKey, randomUUID, X509Certificate, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import { ConnectorError } from '../connector.js'

/** Seconds that an assertion is good for. */
const LIFETIME = 300

export interface CertificateSettings {
  readonly tokenUrl: string
  readonly clientId: string
  /** PEM; the first is ours, others may follow it. */
  readonly certificate: string
  /** PEM. */
  readonly privateKey: string
}

/**
 * The proof that Microsoft Entra takes in place of a client secret: a token signed with the private key of a certificate that is registered
 * for the application, told by its SHA-256 thumbprint. `now`: epoch ms. Throws {@link ConnectorError}, class SETUP, where certificate and key
 * cannot be read or do not belong together.
 */
export async function clientAssertion(settings: CertificateSettings, now: number): Promise<string> {
  const { tokenUrl, clientId } = settings
  const certificate = readPart('certificate', () => new X509Certificate(settings.certificate))
  const key = readPart('private key', () => createPrivateKey(settings.privateKey))
  if (!belongTogether(certificate, key))
    throw unusable('The private key of the sign-in does not belong to its certificate.')
  const seconds = Math.floor(now / 1000)
  return new SignJWT()
    .setProtectedHeader({
      alg: 'PS256',
      typ: 'JWT',
      'x5t#S256': Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url'),
    })
    .setAudience(tokenUrl)
    .setIssuer(clientId)
    .setSubject(clientId)
    .setJti(randomUUID())
    .setIssuedAt(seconds)
    .setNotBefore(seconds)
    .setExpirationTime(seconds + LIFETIME)
    .sign(key)
}

function belongTogether(certificate: X509Certificate, key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'rsa') throw unusable('The private key of the sign-in is no RSA key.')
  return certificate.checkPrivateKey(key)
}

function readPart<Part>(name: string, read: () => Part): Part {
  try {
    return read()
  } catch (error) {
    throw unusable(`The ${name} of the sign-in cannot be read.`, error)
  }
}

function unusable(message: string, cause?: unknown): ConnectorError {
  return new ConnectorError(
    {
      errorClass: 'SETUP',
      message,
      cause:
        'Certificate or private key is no PEM text, has a passphrase, or is that of another certificate.',
      remedy:
        'Enter the certificate that is registered for the application, and its RSA private key without a passphrase.',
    },
    undefined,
    false,
    { cause },
  )
}
