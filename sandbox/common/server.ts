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

/** One of the two systems behind its HTTP server. */
export interface SandboxSystem {
  readonly name: string
  /** Paths that belong to the API; everything else is unknown. */
  readonly isApi: (path: string) => boolean
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

/** Cuts the connection, or leaves it without an answer. Rethrows what is no such fault. */
function cutOff(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!(error instanceof DropConnection)) throw error
  reply.hijack()
  if (!error.silent) request.raw.socket.destroy()
  return reply
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

/** Carries a call out as far as the limits of who sends it allow, in the time that the tariff says. */
async function withinLimits(
  system: SandboxSystem,
  limits: Limits,
  principal: string,
  answer: (work: Work) => Promise<Answer>,
): Promise<Answer> {
  const admission = await limits.admit(principal)
  if (admission.kind === 'refused') return system.limitAnswer(admission.excess, admission.retryAfter)
  const { permit } = admission
  const work: Work = { written: 0 }
  const finish = (read: number): Promise<void> =>
    permit.finish({ startedAt: permit.startedAt, written: work.written, read })
  let answered: Answer
  try {
    answered = await answer(work)
  } catch (error) {
    await finish(0)
    throw error
  }
  await finish(answered.rows)
  return { ...answered, headers: { ...answered.headers, ...system.limitHeaders?.(permit) } }
}

/** Who sends a request: by token, or where the system takes it by user name and web service key. */
function identify(parts: ServerParts, authorization: string): TokenCheck | { readonly kind: 'missing' } {
  const { system, tokens, directory } = parts
  const [, scheme, credential] = /^(bearer|basic)\s+(\S+)$/i.exec(authorization) ?? []
  if (scheme === undefined || credential === undefined) return { kind: 'missing' }
  if (scheme.toLowerCase() === 'bearer') return tokens.verify(credential)
  if (system.acceptsBasic?.() !== true) return { kind: 'missing' }
  const [, username = '', key = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(credential, 'base64').toString('utf8')) ?? []
  const user = directory.user(username)
  if (user === undefined || user.webServiceKey !== key || user.state !== null) return { kind: 'invalid' }
  return { kind: 'valid', caller: { clientId: '', username: user.username, audience: null, roles: [] } }
}

type FaultWords = Pick<SandboxSystem, 'faultAnswer' | 'staleAnswer' | 'expiredTokenAnswer'>

/** The answer of a fault that lets no work be done. */
export function statusAnswer(system: FaultWords, fault: Fault): Answer {
  const { action } = fault
  if (action.kind === 'stale') return system.staleAnswer()
  if (action.kind === 'expiredToken') return system.expiredTokenAnswer()
  if (action.kind !== 'status') throw new Error(`Fault ${fault.id} has no status to answer with.`)
  const { status, retryAfter, code, message } = action
  const answer = inForm(action.form, system.faultAnswer(status, code, message))
  return retryAfter === undefined
    ? answer
    : { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfter) } }
}

function inForm(form: 'json' | 'html' | 'empty', answer: Answer): Answer {
  switch (form) {
    case 'json':
      return answer
    case 'html':
      return {
        ...answer,
        headers: { 'content-type': 'text/html' },
        body: `<html><head><title>${answer.status}</title></head><body><h1>Service unavailable</h1></body></html>`,
      }
    case 'empty':
      return { ...answer, headers: {}, body: '' }
  }
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
