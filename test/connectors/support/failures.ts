import { ConnectorError } from '../../../src/connectors/connector.js'

/** The failure that a call ends with. Throws when it does not end with a ConnectorError. */
export async function failureOf(call: Promise<unknown>): Promise<ConnectorError> {
  try {
    await call
  } catch (error) {
    if (error instanceof ConnectorError) return error
    throw error
  }
  throw new Error('The call ended well.')
}
