import { ConnectorError } from '../connector.js'
import type { TransportError } from './transport.js'

const CERTIFICATE_CODES = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_)/

/** The one place that turns a missing answer into a failure of the system as a whole. `system` names it to a person. */
export function translateTransportError(error: TransportError, system: string, url: string): ConnectorError {
  const { host } = new URL(url)
  const failure = (message: string, cause: string, remedy: string, setup = false): ConnectorError =>
    new ConnectorError(
      {
        errorClass: setup ? 'SETUP' : 'UNAVAILABLE',
        message,
        cause,
        remedy,
        ...(error.code ? { code: error.code } : {}),
      },
      undefined,
      false,
      { cause: error },
    )

  if (error.timedOut) {
    return failure(
      `${system} at ${host} did not answer in time.`,
      error.message,
      'It is tried again. If it lasts, look at the load of the system, or raise the request timeout of the connection.',
    )
  }
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') {
    return failure(
      `The host ${host} of ${system} was not found.`,
      'The name does not resolve: the address is wrong, the environment is deleted or asleep, or name resolution is down here.',
      'Check the address of the connection and the network. It is tried again.',
    )
  }
  if (CERTIFICATE_CODES.test(error.code)) {
    return failure(
      `The certificate of ${system} at ${host} is not trusted.`,
      error.message,
      'Check the address of the connection, and that the authority of the certificate is trusted on this machine.',
      true,
    )
  }
  if (!error.sent) {
    return failure(
      `${system} at ${host} cannot be reached.`,
      error.message || `No connection (${error.code}).`,
      'Check that the system is up, the address of the connection and the network. It is tried again.',
    )
  }
  return failure(
    `The connection to ${system} at ${host} was lost.`,
    error.message || `The connection ended (${error.code}).`,
    'It is tried again. If it lasts, look at the network and the state of the system.',
  )
}
