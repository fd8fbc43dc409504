import type { Logger } from 'pino'
import type { Limits, ThrottledBy } from '../../domain/governor.js'
import type { Lane } from '../../domain/lane.js'
import { ConnectorError } from '../connector.js'
import type { GivenUp, Governor, WatchCalls } from '../governor.js'
import type { SignIn } from '../service-settings.js'
import { createCredentials, type Credentials } from './credentials.js'
import { LONGEST_RETRY_AFTER, retryAfterAsked } from './retry-after.js'
import { ServiceLink } from './service-link.js'
import type { HttpRequest, HttpResponse, NetworkSettings } from './transport.js'
import { createTransport, TransportError } from './transport.js'
import { translateTransportError } from './transport-failures.js'
import { createTurns, type Call, type Turn } from './turns.js'

export interface ServiceSettings extends NetworkSettings {
  readonly signIn: SignIn
  /** More sign-ins, each with limits of its own, among which calls are shared out. */
  readonly furtherSignIns?: readonly SignIn[]
  /** Milliseconds. */
  readonly requestTimeout: number
  /** Service root without a trailing slash. */
  readonly url: string
  /** Milliseconds that a request may still be carried out after we stopped waiting for it. */
  readonly maximumFlight: number
  /** Requests of one sign-in that run at the same time. */
  readonly concurrency?: number
  /** What the service lets one principal do. Without it only the requests at a time are limited. */
  readonly limits?: Limits
  /** Which limit an answer with status 429 speaks of. */
  readonly throttledBy?: (text: string) => ThrottledBy | null
  /** Query options that every address must have. */
  readonly query?: Readonly<Record<string, string>>
}

export interface ConnectorDependencies {
  readonly logger?: Logger
  /** Epoch ms; the local clock. */
  readonly now?: () => number
  /** Without one nothing is held back, and a service that throttles is a failure at once. */
  readonly governor?: Governor
  readonly lane?: Lane
  /** Hears of calls that wait for their turn. */
  readonly watchCalls?: WatchCalls
  /** Of reads; a write is told with its call. */
  readonly givenUp?: GivenUp | undefined
  /** For how long a call that is throttled is put back and sent again, milliseconds; ten minutes by default. */
  readonly throttlePatience?: number
  /** Without one the connector has connections and tokens of its own. */
  readonly link?: ServiceLink
}

/** That a service throttles. `retryAfter`: milliseconds, where it says for how long. */
export interface Throttling {
  readonly retryAfter: number | undefined
}

/** Requests to one service in the names of its principals, at most `concurrency` at a time. */
export interface ServiceClient {
  /** The system's name in messages. */
  readonly system: string
  readonly url: string
  /** Requests that run at the same time, of all principals together. */
  readonly concurrency: number
  readonly requestTimeout: number
  /** For how long a call that the service throttles is put back and sent later, milliseconds; 0: it fails at once. */
  readonly throttlePatience: number
  readonly now: () => number
  /**
   * A read: waits for its turn, renews a refused token once, and waits anew where the service throttles; nothing is sent once nobody waits
   * for the answer any more. `throttledIn`: whether parts of an answer are throttled, which the governor is told; what it throws is thrown.
   * Throws {@link ConnectorError} where no answer came.
   */
  read(
    request: HttpRequest,
    throttledIn?: (response: HttpResponse) => Throttling | null,
  ): Promise<HttpResponse>
  /** Runs a call when its turn has come. */
  inTurn<Result>(call: Call, task: (turn: Turn) => Promise<Result>): Promise<Result>
  /** One attempt. Throws {@link TransportError}; {@link ConnectorError} for a foreign address. */
  exchange(
    turn: Turn,
    request: HttpRequest,
    authorization: string | null,
    timeout: number,
  ): Promise<HttpResponse>
  /** A token of the first sign-in, made anew; blank where it has none. Throws {@link ConnectorError}. */
  newToken(): Promise<string>
  /** One attempt without signing in, whose turn it is or not. Throws as `exchange` does. */
  approach(request: HttpRequest, timeout: number): Promise<HttpResponse>
  isForeign(url: string): boolean
  close(): Promise<void>
}

/** A call that is throttled for so long, milliseconds, is a failure: the limits are used up by somebody else. */
const DEFAULT_THROTTLE_PATIENCE = 600_000

/** Concurrency where the settings name none. */
const DEFAULT_CONCURRENCY = 4

export function createServiceClient(
  system: string,
  settings: ServiceSettings,
  dependencies: ConnectorDependencies,
): ServiceClient {
  const { logger, governor, lane } = dependencies
  const now = dependencies.now ?? Date.now
  const throttlePatience =
    governor === undefined ? 0 : (dependencies.throttlePatience ?? DEFAULT_THROTTLE_PATIENCE)
  const perPrincipal = settings.concurrency ?? DEFAULT_CONCURRENCY
  const signIns = [settings.signIn, ...(settings.furtherSignIns ?? [])]
  const concurrency = perPrincipal * signIns.length
  const link = dependencies.link ?? new ServiceLink()
  const { transport, principals } = link.open(() => {
    const opened = createTransport(concurrency, settings)
    const context = { transport: opened, requestTimeout: settings.requestTimeout, now }
    return { transport: opened, principals: signIns.map((signIn) => createCredentials(signIn, context)) }
  })
  const [first] = principals
  if (first === undefined) throw new Error('A service has at least one sign-in.')
  const { origin } = new URL(settings.url)
  const isForeign = (url: string): boolean => !URL.canParse(url) || new URL(url).origin !== origin
  const inTurn = createTurns(
    {
      principals,
      concurrency: perPrincipal,
      endpoint: origin,
      limits: settings.limits ?? {
        window: 300_000,
        requests: null,
        execution: null,
        concurrency: perPrincipal,
      },
      longest: settings.requestTimeout * 2,
      now,
      throttledBy: settings.throttledBy ?? (() => null),
    },
    governor,
    lane,
    dependencies.watchCalls,
  )

  async function send(
    request: HttpRequest,
    authorization: string | null,
    timeout: number,
  ): Promise<HttpResponse> {
    if (isForeign(request.url)) throw foreignAddress(system, request.url, origin)
    const startedAt = now()
    const outcome = { method: request.method, path: new URL(request.url).pathname }
    try {
      const headers = authorization === null ? request.headers : { ...request.headers, authorization }
      const url = withQuery(request.url, settings.query)
      const response = await transport.exchange({ ...request, url, headers }, timeout)
      logger?.debug(
        { ...outcome, status: response.status, milliseconds: now() - startedAt },
        `${system} answered`,
      )
      const asked = retryAfterAsked(response.headers, now())
      if (asked !== undefined && asked > LONGEST_RETRY_AFTER)
        logger?.warn(
          { ...outcome, status: response.status, asked, waits: LONGEST_RETRY_AFTER },
          `${system} asks to be left alone for longer than Accord waits before it asks again`,
        )
      return response
    } catch (error) {
      logger?.debug({ ...outcome, err: error, milliseconds: now() - startedAt }, `${system} did not answer`)
      throw error
    }
  }

  async function exchange(
    turn: Turn,
    request: HttpRequest,
    authorization: string | null,
    timeout: number,
  ): Promise<HttpResponse> {
    const startedAt = now()
    try {
      const response = await send(request, authorization, timeout)
      turn.answered(response, now() - startedAt)
      return response
    } catch (error) {
      if (error instanceof TransportError) turn.unanswered(now() - startedAt)
      throw error
    }
  }

  /** One request, repeated once where its token is refused. `sending` makes one attempt. */
  async function signedIn(
    credentials: Credentials,
    sending: (authorization: string | null) => Promise<HttpResponse>,
  ): Promise<HttpResponse> {
    try {
      const authorization = await credentials.authorization()
      const response = await sending(authorization)
      if (response.status !== 401 || !credentials.reject(authorization)) return response
      return await sending(await credentials.authorization())
    } catch (error) {
      if (error instanceof TransportError) throw translateTransportError(error, system, settings.url)
      throw error
    }
  }

  async function read(
    request: HttpRequest,
    throttledIn: (response: HttpResponse) => Throttling | null = () => null,
  ): Promise<HttpResponse> {
    let throttledSince: number | null = null
    while (true) {
      const call = { operation: 'read', rows: 1, signal: dependencies.givenUp?.() } as const
      const answer = await inTurn(call, (turn) => readIn(turn, request, throttledIn))
      const isThrottled = answer instanceof ConnectorError || answer.status === 429
      if (!isThrottled) return answer
      throttledSince ??= now()
      if (now() - throttledSince < throttlePatience) continue
      if (answer instanceof ConnectorError) throw answer
      return answer
    }
  }

  /** An error is given back, not thrown, where it was the sign-in that is throttled: then it waits like any other call. */
  async function readIn(
    turn: Turn,
    request: HttpRequest,
    throttledIn: (response: HttpResponse) => Throttling | null,
  ): Promise<HttpResponse | ConnectorError> {
    let answer: HttpResponse
    try {
      answer = await signedIn(turn.credentials, (authorization) =>
        exchange(turn, request, authorization, settings.requestTimeout),
      )
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.failure.errorClass !== 'THROTTLED') throw error
      turn.throttled(error.retryAfter)
      return error
    }
    const throttling = answer.status === 429 ? null : throttledIn(answer)
    if (throttling !== null) turn.throttled(throttling.retryAfter)
    return answer
  }

  return {
    system,
    url: settings.url,
    concurrency,
    requestTimeout: settings.requestTimeout,
    throttlePatience,
    now,
    read,
    inTurn,
    exchange,
    async newToken() {
      first.reject(await first.authorization())
      const authorization = await first.authorization()
      return authorization?.startsWith('Bearer ') === true ? authorization.slice('Bearer '.length) : ''
    },
    approach: (request, timeout) => send(request, null, timeout),
    isForeign,
    close: () => (dependencies.link === undefined ? link.close() : Promise.resolve()),
  }
}

/** A link of the service may have the option already. */
function withQuery(url: string, query: Readonly<Record<string, string>> = {}): string {
  const known = new URL(url).searchParams
  const missing = Object.entries(query).filter(([name]) => !known.has(name))
  if (missing.length === 0) return url
  const text = missing.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  return `${url}${url.includes('?') ? '&' : '?'}${text}`
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
