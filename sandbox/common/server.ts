import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fastify } from 'fastify'
import type { Answer, ApiRequest } from './answer.js'
import { jsonAnswer } from './answer.js'
import type { Clock } from './clock.js'
import type { CommitHooks, Fault } from './faults.js'
import { DropConnection, Faults, NO_HOOKS, answersItself, commitHooks } from './faults.js'
import type { Excess, LimitSettings, Permit, Work } from './limits.js'
import { Limits } from './limits.js'
import { Metrics } from './metrics.js'
import { addAdminRoutes } from './admin-routes.js'
import { answerTokenRequest } from './token-endpoint.js'
import type { Directory } from './directory.js'
import type { Caller, TokenCheck, Tokens } from './tokens.js'
import { principalOf } from './tokens.js'

import { identify, withinLimits } from './admission.js'
import { cutOff, statusAnswer } from './fault-answers.js'

/** One of the two systems behind its HTTP server. */
export interface SandboxSystem {
  readonly name: string
  /** Paths that belong to the API; everything else is unknown. */
  readonly isApi: (path: string) => boolean
  /** The record that an address of the system's own application shows in a browser; null: the address is none of that. */
  readonly webClientPage: (url: string) => Promise<Answer | null>
  /** Answers a request with a valid token. `fault` acts within a $batch; `hooks` act around its commit. */
  answer(request: ApiRequest, hooks: CommitHooks, fault: Fault | null): Promise<Answer>
  /** Refuses everybody, whoever asks; null: the service is open. */
  readonly closed?: () => Answer | null
  /** Refuses somebody who is known; null: he may come in. */
  readonly authorize?: (caller: Caller, request: FastifyRequest) => Answer | null
  /** Is a user with his web service key let in, too? */
  readonly acceptsBasic?: () => boolean
  /** The answer to a request without a valid token. */
  unauthorized(check: Exclude<TokenCheck['kind'], 'valid'> | 'missing', request: FastifyRequest): Answer
  /** What is documented of the limits of the real service, and how it words a refusal. */
  readonly documentedLimits: LimitSettings
  limitAnswer(excess: Excess, retryAfter: number): Answer
  /** Headers that tell a client what is left of its budgets. */
  readonly limitHeaders?: (permit: Permit) => Record<string, string>
  /** The answer of a `status` fault. */
  faultAnswer(status: number, code: string | undefined, message: string | undefined): Answer
  /** Switches that only this system has. */
  readonly addAdminRoutes?: (routes: FastifyInstance) => void
  /** The answer to a write with a version that is not the record's any more. */
  staleAnswer(): Answer
  /** The answer to a delta token that is too old. */
  expiredTokenAnswer(): Answer
  /** An error that nobody foresaw. */
  failure(error: unknown): Answer
}

export interface ServerParts {
  readonly system: SandboxSystem
  readonly clock: Clock
  readonly tokens: Tokens
  readonly directory: Directory
  readonly faults: Faults
  readonly metrics: Metrics
}

export interface RunningServer {
  /** `http://127.0.0.1:port` */
  readonly origin: string
  readonly port: number
  close(): Promise<void>
}

/** Longest URL with headers that is taken; longer reads belong into a $batch. */
const MAXIMUM_HEADER = 64 * 1024
const MAXIMUM_BODY = 350 * 1024 * 1024

/** Starts the HTTP server on 127.0.0.1. Throws when the port is taken; `portOption` is the option named in that message. */
export async function startServer(
  parts: ServerParts,
  port: number,
  portOption: string,
): Promise<RunningServer> {
  const app = fastify({
    bodyLimit: MAXIMUM_BODY,
    forceCloseConnections: true,
    http: { maxHeaderSize: MAXIMUM_HEADER },
    routerOptions: { maxParamLength: MAXIMUM_HEADER },
    exposeHeadRoutes: false,
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.addHook('onSend', async (_request, reply) => {
    // Both systems tell their time in every answer, and clients measure their clocks by it.
    reply.header('date', new Date(parts.clock.now()).toUTCString())
  })
  const limits = new Limits(parts.system.documentedLimits)
  addAdminRoutes(app, parts, limits)
  addTokenRoute(app, parts)
  app.all('/*', async (request, reply) => answerApi(parts, limits, request, reply))
  const listening = await listen(app, port, parts.system.name, portOption)
  return { origin: `http://127.0.0.1:${listening}`, port: listening, close: () => app.close() }
}

async function listen(
  app: FastifyInstance,
  port: number,
  system: string,
  portOption: string,
): Promise<number> {
  try {
    await app.listen({ host: '127.0.0.1', port })
  } catch (error) {
    await app.close()
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new Error(
        `Port ${port} for the ${system} sandbox is taken by another program. Choose another with ${portOption}.`,
        { cause: error },
      )
    }
    throw error
  }
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('The sandbox server has no address.')
  return address.port
}

function addTokenRoute(app: FastifyInstance, { directory, faults, system, tokens }: ServerParts): void {
  app.post<{ Params: { tenant: string } }>('/:tenant/oauth2/v2.0/token', async (request, reply) => {
    const body = typeof request.body === 'string' ? request.body : ''
    const fault = faults.quiet ? null : faults.takeForToken(request.url)
    if (fault !== null && answersItself(fault.action)) return send(reply, statusAnswer(system, fault))
    const hooks = fault === null ? null : commitHooks(fault.action)
    try {
      await hooks?.beforeCommit()
      await hooks?.afterCommit()
    } catch (error) {
      return cutOff(error, request, reply)
    }
    return send(
      reply,
      await answerTokenRequest(directory, tokens, request.params.tenant, body, request.headers.authorization),
    )
  })
}

async function answerApi(
  parts: ServerParts,
  limits: Limits,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { system, metrics } = parts
  const method = request.method.toUpperCase()
  try {
    const page = method === 'GET' ? await system.webClientPage(request.url) : null
    if (page !== null) return send(reply, page)
    const answer = await answerOrFault(parts, limits, method, request)
    metrics.call(method, request.url, answer.rows)
    return send(reply, answer)
  } catch (error) {
    metrics.call(method, request.url, 0)
    if (error instanceof DropConnection) return cutOff(error, request, reply)
    const answer = system.failure(error)
    if (answer.status >= 500) process.stderr.write(`${system.name} sandbox: ${describe(error)}\n`)
    return send(reply, answer)
  }
}

async function answerOrFault(
  parts: ServerParts,
  limits: Limits,
  method: string,
  request: FastifyRequest,
): Promise<Answer> {
  const { system, faults } = parts
  const path = request.url.split('?', 1)[0] ?? ''
  if (!system.isApi(path)) {
    return jsonAnswer(
      404,
      JSON.stringify({
        error: { code: 'NotFound', message: `The ${system.name} sandbox serves nothing at ${path}.` },
      }),
    )
  }
  const fault = faults.quiet ? null : faults.take(method, request.url, request.headers)
  const inBatch = fault?.afterItems !== undefined ? fault : null
  if (fault !== null && inBatch === null && answersItself(fault.action)) return statusAnswer(system, fault)
  const closed = system.closed?.() ?? null
  if (closed !== null) return closed
  const check = identify(parts, request.headers.authorization ?? '')
  if (check.kind !== 'valid') return system.unauthorized(check.kind, request)
  const refusal = system.authorize?.(check.caller, request) ?? null
  if (refusal !== null) return refusal
  const hooks = fault !== null && inBatch === null ? (commitHooks(fault.action) ?? NO_HOOKS) : NO_HOOKS
  const answer = (work?: Work): Promise<Answer> =>
    system.answer(
      {
        method,
        url: request.url,
        headers: lowerCaseHeaders(request),
        body: typeof request.body === 'string' ? request.body : '',
        origin: `http://${request.headers.host ?? '127.0.0.1'}`,
        caller: check.caller,
        ...(work === undefined ? {} : { work }),
      },
      hooks,
      inBatch,
    )
  return limits.off ? answer() : withinLimits(system, limits, principalOf(check.caller), answer)
}

function lowerCaseHeaders(request: FastifyRequest): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return headers
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  return reply
    .code(answer.status)
    .headers(answer.headers)
    .send(answer.body === '' ? undefined : answer.body)
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
