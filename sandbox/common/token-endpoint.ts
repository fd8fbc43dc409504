import { randomUUID } from 'node:crypto'
import type { Tokens } from './tokens.js'
import type { Answer } from './answer.js'
import { jsonAnswer } from './answer.js'

/** `POST /{tenant}/oauth2/v2.0/token`: client credentials, with the bodies of Microsoft Entra. */
export function answerTokenRequest(tokens: Tokens, tenant: string, body: string): Answer {
  const form = new URLSearchParams(body)
  const text = (name: string): string => form.get(name) ?? ''
  for (const name of ['grant_type', 'client_id', 'scope']) {
    if (text(name) === '') {
      return refusal(
        400,
        'invalid_request',
        900144,
        `The request body must contain the following parameter: '${name}'.`,
      )
    }
  }
  if (text('grant_type') !== 'client_credentials') {
    return refusal(
      400,
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${text('grant_type')}'.`,
    )
  }
  const scope = text('scope')
  if (!/^\S+\/\.default$/.test(scope)) {
    return refusal(
      400,
      'invalid_scope',
      70011,
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
    )
  }
  const clientId = text('client_id')
  const client = tokens.clients.find((candidate) => candidate.id.toLowerCase() === clientId.toLowerCase())
  if (client === undefined) {
    return refusal(
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    )
  }
  if (text('client_secret') === '') {
    return refusal(
      401,
      'invalid_client',
      7000218,
      `The request body must contain the following parameter: 'client_assertion' or 'client_secret'.`,
    )
  }
  if (text('client_secret') !== client.secret) {
    return refusal(
      401,
      'invalid_client',
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    )
  }
  return jsonAnswer(
    200,
    JSON.stringify({
      token_type: 'Bearer',
      expires_in: tokens.lifetime,
      ext_expires_in: tokens.lifetime,
      access_token: tokens.issue(client, scope.slice(0, -'/.default'.length), tenant),
    }),
    { 'cache-control': 'no-store' },
  )
}

function refusal(status: number, error: string, code: number, description: string): Answer {
  const traceId = randomUUID()
  const correlationId = randomUUID()
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`
  return jsonAnswer(
    status,
    JSON.stringify({
      error,
      error_description: `AADSTS${code}: ${description}\r\nTrace ID: ${traceId}\r\nCorrelation ID: ${correlationId}\r\nTimestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    }),
  )
}
