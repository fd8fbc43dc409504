import type { IncomingHttpHeaders } from 'node:http'
import { getCACertificates } from 'node:tls'
import { Agent, ProxyAgent, type Dispatcher } from 'undici'
import { withSpan } from '../../telemetry/tracing.js'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Absolute. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** No complete answer came. `sent` is false only when it is certain that not a byte of the request left this process. */
export class TransportError extends Error {
  constructor(
    message: string,
    readonly sent: boolean,
    /** Given up by us because the time allowed was over. */
    readonly timedOut: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'TransportError'
  }

  /** Node's or undici's code of the cause, `ECONNREFUSED`. */
  get code(): string {
    const cause = this.cause
    return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  }
}

export interface Transport {
  /** One request, one answer, whatever its status; redirects are not followed. Throws {@link TransportError}. */
  exchange(request: HttpRequest, timeout: number): Promise<HttpResponse>
  close(): Promise<void>
}

/** The way to a service. Times are in milliseconds. */
export interface NetworkSettings {
  readonly proxy?: string | undefined
  readonly proxySignIn?: { readonly username: string; readonly password: string } | undefined
  /** PEM; trusted besides the well-known authorities. */
  readonly certificateAuthorities?: string | undefined
  readonly connectTimeout?: number | undefined
}

/** Keep-alive connections without pipelining: a connection carries one request at a time. */
export function createTransport(connections: number, network: NetworkSettings = {}): Transport {
  const agent = createAgent(connections, network)
  return {
    exchange: (request, timeout) => {
      const { host, pathname } = new URL(request.url)
      const attributes = {
        'http.request.method': request.method,
        'server.address': host,
        'url.path': pathname,
      }
      return withSpan(`${request.method} ${host}`, attributes, async (span) => {
        const response = await exchange(agent, request, timeout)
        span.setAttribute('http.response.status_code', response.status)
        return response
      })
    },
    close: () => agent.close(),
  }
}

function createAgent(connections: number, network: NetworkSettings): Dispatcher {
  const { proxy, proxySignIn, certificateAuthorities } = network
  const tls = {
    timeout: network.connectTimeout ?? 10_000,
    ...(certificateAuthorities === undefined
      ? {}
      : { ca: [...getCACertificates('default'), certificateAuthorities] }),
  }
  const options = { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 }
  if (proxy === undefined) return new Agent({ ...options, connect: tls })
  const { username, password } = proxySignIn ?? {}
  return new ProxyAgent({
    ...options,
    uri: proxy,
    ...(username === undefined ? {} : { token: basicAuthorization(username, password ?? '') }),
    requestTls: tls,
    proxyTls: tls,
  })
}

/** The header of user and password. */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
}

/**
 * Dispatched by hand rather than through `request`, because undici's `onRequestStart` comes right before the first byte is
 * written: it tells a request that was certainly not sent from one that may have been carried out.
 */
function exchange(agent: Dispatcher, request: HttpRequest, timeout: number): Promise<HttpResponse> {
  const { origin, pathname, search } = new URL(request.url)
  const path = request.url.startsWith(origin) ? pathOf(request.url, origin) : pathname + search
  return new Promise((resolve, reject) => {
    let sent = false
    let abort: ((reason: Error) => void) | null = null
    let expired: TransportError | null = null
    let status = 0
    let headers: IncomingHttpHeaders = {}
    const chunks: Buffer[] = []

    const timer = setTimeout(
      () => {
        expired = new TransportError(`No answer within ${timeout} ms.`, sent, true)
        abort?.(expired)
        reject(expired)
      },
      Math.max(0, timeout),
    )

    agent.dispatch(
      { origin, path, method: request.method, headers: { ...request.headers }, body: request.body ?? null },
      {
        onRequestStart(controller) {
          abort = (reason) => controller.abort(reason)
          if (expired !== null) controller.abort(expired)
          else sent = true
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          status = statusCode
          headers = responseHeaders
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk)
        },
        onResponseEnd() {
          clearTimeout(timer)
          resolve({ status, headers, text: Buffer.concat(chunks).toString('utf8') })
        },
        onResponseError(_controller, error) {
          clearTimeout(timer)
          reject(expired ?? new TransportError(error.message, sent, false, { cause: error }))
        },
      },
    )
  })
}

/** Verbatim, so that a link is followed untouched. */
function pathOf(url: string, origin: string): string {
  const path = url.slice(origin.length).split('#', 1)[0] ?? ''
  return path.startsWith('/') ? path : `/${path}`
}
