import { ConnectorError } from '../connector.js'
import { explainEntraNumbers } from './entra-errors.js'
import type { ExactJson, ExactJsonObject } from './exact-json.js'
import { isJsonObject, parseExactJson } from './exact-json.js'
import { retryAfterOf } from './retry-after.js'
import { translateTransportError } from './transport-failures.js'
import type { HttpResponse, Transport } from './transport.js'
import { TransportError } from './transport.js'

export interface TokenSettings {
  readonly tokenUrl: string
  /** What is sent to the token endpoint, made anew for every request. Throws {@link ConnectorError}. */
  readonly form: () => Promise<Readonly<Record<string, string>>>
  /** Milliseconds. */
  readonly requestTimeout: number
}

export interface TokenSource {
  /** A token that is good for a while yet. Concurrent callers share one request. Throws {@link ConnectorError}. */
  token(): Promise<string>
  /** The service refused this token: the next call of `token` asks for a new one. */
  reject(token: string): void
}

/** Tokens of an OAuth 2 token endpoint. One is kept until a tenth of its life, at most a minute, is left. */
export function createTokenSource(
  settings: TokenSettings,
  transport: Transport,
  now: () => number,
): TokenSource {
  let current: { readonly token: string; readonly usableUntil: number } | null = null
  let running: Promise<string> | null = null

  async function request(): Promise<string> {
    const askedAt = now()
    const { token, lifetime } = await requestToken(settings, transport, now)
    current = { token, usableUntil: askedAt + lifetime - Math.min(60_000, lifetime / 10) }
    return token
  }

  return {
    token() {
      if (current !== null && now() < current.usableUntil) return Promise.resolve(current.token)
      running ??= request().finally(() => {
        running = null
      })
      return running
    },
    reject(token) {
      if (current?.token === token) current = null
    },
  }
}

async function requestToken(
  settings: TokenSettings,
  transport: Transport,
  now: () => number,
): Promise<{ token: string; lifetime: number }> {
  const body = new URLSearchParams(await settings.form()).toString()
  let response: HttpResponse
  try {
    response = await transport.exchange(
      {
        method: 'POST',
        url: settings.tokenUrl,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body,
      },
      settings.requestTimeout,
    )
  } catch (error) {
    if (error instanceof TransportError)
      throw translateTransportError(error, 'The token endpoint', settings.tokenUrl)
    throw error
  }
  const answer = parseBody(response.text)
  if (response.status !== 200) throw translateTokenRefusal(response, answer, now())
  const token = answer['access_token']
  const lifetime = Number(answer['expires_in'])
  if (typeof token !== 'string' || token === '' || !(lifetime > 0)) {
    throw new ConnectorError({
      errorClass: 'SETUP',
      message: 'The token endpoint answered without a token.',
      cause: 'The answer holds no access_token or no expires_in: the address may be that of another service.',
      remedy: 'Check the token address of the connection.',
      status: response.status,
    })
  }
  return { token, lifetime: lifetime * 1000 }
}

/** These say that the application is known but not allowed; every other refusal is a matter of settings. */
const PERMISSION_ERRORS = new Set([
  'invalid_grant',
  'access_denied',
  'consent_required',
  'interaction_required',
])

/** Control flow by HTTP status and `error`; the AADSTS numbers choose the explanation only. */
function translateTokenRefusal(response: HttpResponse, answer: ExactJsonObject, now: number): ConnectorError {
  const error = textOf(answer['error'])
  const description = textOf(answer['error_description']).split(/\s*\r?\n|\s+Trace ID:/, 1)[0] ?? ''
  const message =
    `No access token: ${description || error || `the token endpoint answered ${response.status}`}`.replace(
      /\.?$/,
      '.',
    )
  const identity = { ...(error ? { code: error } : {}), status: response.status }
  const retryAfter = retryAfterOf(response.headers, now)
  if (response.status === 429) {
    return new ConnectorError(
      {
        errorClass: 'THROTTLED',
        message,
        cause: 'The token endpoint received too many requests.',
        remedy: 'It is tried again after the time the endpoint asked for.',
        ...identity,
      },
      retryAfter,
    )
  }
  if (response.status >= 500 || error === 'temporarily_unavailable' || error === 'server_error') {
    return new ConnectorError(
      {
        errorClass: 'UNAVAILABLE',
        message,
        cause: 'The token endpoint has a passing fault.',
        remedy: 'It is tried again.',
        ...identity,
      },
      retryAfter,
    )
  }
  const explanation = explainEntraNumbers(numbersOf(answer, description))
  return new ConnectorError({
    errorClass: PERMISSION_ERRORS.has(error) ? 'PERMISSION' : 'SETUP',
    message,
    ...explanation,
    ...identity,
    correlationIds: ['trace_id', 'correlation_id'].flatMap((name) => {
      const value = textOf(answer[name])
      return value === '' ? [] : [{ name, value }]
    }),
  })
}

function numbersOf(answer: ExactJsonObject, description: string): readonly number[] {
  const codes = answer['error_codes']
  if (Array.isArray(codes)) return codes.map(Number)
  const inText = /AADSTS(\d+)/.exec(description)?.[1]
  return inText === undefined ? [] : [Number(inText)]
}

function parseBody(text: string): ExactJsonObject {
  let parsed: ExactJson
  try {
    parsed = parseExactJson(text)
  } catch {
    return {}
  }
  return isJsonObject(parsed) ? parsed : {}
}

function textOf(value: ExactJson | undefined): string {
  return typeof value === 'string' ? value : ''
}
