import pLimit from 'p-limit'
import type { Logger } from 'pino'
import { ConnectorError } from '../connector.js'
import type { SignIn } from '../service-settings.js'
import { createTokenSource } from './token-source.js'
import type { HttpRequest, HttpResponse } from './transport.js'
import { createTransport, TransportError } from './transport.js'
import { translateTransportError } from './transport-failures.js'

export interface ServiceSettings {
  readonly signIn: SignIn
  /** Milliseconds. */
  readonly requestTimeout: number
  /** Service root without a trailing slash. */
  readonly url: string
  /** Milliseconds that a request may still be carried out after we stopped waiting for it. */
  readonly maximumFlight: number
  /** Requests that run at the same time. */
  readonly concurrency?: number
}

export interface ConnectorDependencies {
  readonly logger?: Logger
  /** Epoch ms; the local clock. */
  readonly now?: () => number
}

/** Authenticated requests to one service, at most `concurrency` at a time. */
export interface ServiceClient {
  /** The system's name in messages. */
  readonly system: string
  readonly url: string
  readonly concurrency: number
  readonly requestTimeout: number
  readonly now: () => number
  /** A read: waits for a slot, renews a refused token once. Throws {@link ConnectorError} where no answer came. */
  read(request: HttpRequest): Promise<HttpResponse>
  /** Runs a task in one of the slots. */
  inSlot<Result>(task: () => Promise<Result>): Promise<Result>
  token(): Promise<string>
  rejectToken(token: string): void
  /** One attempt, outside the slots. Throws {@link TransportError}; {@link ConnectorError} for a foreign address. */
  exchange(request: HttpRequest, token: string, timeout: number): Promise<HttpResponse>
  isForeign(url: string): boolean
  close(): Promise<void>
}

export function createServiceClient(
  system: string,
  settings: ServiceSettings,
  dependencies: ConnectorDependencies,
): ServiceClient {
  const { logger } = dependencies
  const now = dependencies.now ?? Date.now
  const concurrency = settings.concurrency ?? 4
  const transport = createTransport(concurrency)
  const tokens = createTokenSource(
    { ...settings.signIn, requestTimeout: settings.requestTimeout },
    transport,
    now,
  )
  const slots = pLimit(concurrency)
  const { origin } = new URL(settings.url)
  const isForeign = (url: string): boolean => !URL.canParse(url) || new URL(url).origin !== origin

  async function exchange(request: HttpRequest, token: string, timeout: number): Promise<HttpResponse> {
    if (isForeign(request.url)) throw foreignAddress(system, request.url, origin)
    const startedAt = now()
    const outcome = { method: request.method, path: new URL(request.url).pathname }
    try {
      const headers = { ...request.headers, authorization: `Bearer ${token}` }
      const response = await transport.exchange({ ...request, headers }, timeout)
      logger?.debug(
        { ...outcome, status: response.status, milliseconds: now() - startedAt },
        `${system} answered`,
      )
      return response
    } catch (error) {
      logger?.debug({ ...outcome, err: error, milliseconds: now() - startedAt }, `${system} did not answer`)
      throw error
    }
  }

  async function attempt(request: HttpRequest, isRepeat: boolean): Promise<HttpResponse> {
    const token = await tokens.token()
    let response: HttpResponse
    try {
      response = await exchange(request, token, settings.requestTimeout)
    } catch (error) {
      if (error instanceof TransportError) throw translateTransportError(error, system, settings.url)
      throw error
    }
    if (response.status !== 401 || isRepeat) return response
    tokens.reject(token)
    return attempt(request, true)
  }

  return {
    system,
    url: settings.url,
    concurrency,
    requestTimeout: settings.requestTimeout,
    now,
    read: (request) => slots(() => attempt(request, false)),
    inSlot: (task) => slots(task),
    token: () => tokens.token(),
    rejectToken: (token) => tokens.reject(token),
    exchange,
    isForeign,
    close: () => transport.close(),
  }
}

/** Following a link elsewhere would hand our token to that host. */
function foreignAddress(system: string, url: string, origin: string): ConnectorError {
  const target = URL.canParse(url) ? new URL(url).origin : 'an unreadable address'
  return new ConnectorError({
    errorClass: 'SETUP',
    message: `${system} answered with a link to ${target}, which is not the address of the connection, ${origin}.`,
    cause: 'The link was not followed, because the access token would have gone to another host.',
    remedy: 'Enter the address of the connection exactly as the service names it in its links.',
  })
}
