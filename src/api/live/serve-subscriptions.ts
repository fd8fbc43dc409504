import type { ServerResponse } from 'node:http'
import websocket from '@fastify/websocket'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { createHandler } from 'graphql-sse/lib/use/fastify'
import { makeHandler } from 'graphql-ws/use/@fastify/websocket'
import type { Logger } from 'pino'
import type { ApiContext } from '../context.js'
import { Role } from '../../domain/role.js'
import { apiError, ErrorCode } from '../errors.js'
import type { Credentials } from '../sign-in/authenticator.js'
import { sessionOf } from '../sign-in/cookie.js'
import { RateLimitError, type RequestCounter } from '../guard/rate-limit.js'
import { isSecure } from '../sign-in/is-local.js'
import type { Principal } from '../sign-in/principal.js'
import { ProviderUnavailableError } from '../sign-in/provider-unavailable.js'
import { noteWrong, type SignInGuard } from '../sign-in/require-sign-in.js'
import { isSameOrigin } from '../sign-in/same-origin.js'
import {
  GraphQLError,
  type ExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from '../graphql.js'
import type { EventHub } from './hub.js'
import { readOperation, subscribe, type ContextMaker, type LiveOperation } from './operation.js'

export const WEBSOCKET_PATH = '/graphql/ws'
export const STREAM_PATH = '/graphql/stream'

/** Subscriptions of one connection, and of all connections to this process. */
const MOST_OF_A_CONNECTION = 50
const MOST_OF_ALL = 2_000

/** Bytes of one message of a client. */
const LARGEST_MESSAGE = 128 * 1024

/** Milliseconds within which a connection has to sign in. */
const SIGN_IN_DEADLINE = 5_000

/** Milliseconds until it is asked again whether a token or a session is valid. */
const SIGNED_IN_AGAIN = 30_000

/** Close code of WebSocket: going away. */
const CLOSED_FOR_A_RESTART = 1001
/** Close codes of WebSocket for who is not signed in now, and may come again: try again later; too many requests. */
const CLOSED_FOR_NOW = 1013
const CLOSED_AS_TOO_MANY = 4429

export interface SubscriptionDependencies {
  readonly schema: GraphQLSchema
  readonly events: EventHub
  readonly guard: SignInGuard
  readonly countRequest: RequestCounter
  /** The names of the schema are not told to who guesses. */
  readonly hideSuggestions: boolean
  readonly logger: Logger
  readonly createContext: (principal: Principal, address: string) => ApiContext
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError
}

/**
 * Serves subscriptions over WebSocket (protocol graphql-transport-ws, `/graphql/ws`) and as Server-Sent Events (`/graphql/stream`,
 * one to a request). Signed in by the header Authorization, by cookie, or by `authorization` in the payload of `connection_init`.
 */
export async function serveSubscriptions(
  app: FastifyInstance,
  dependencies: SubscriptionDependencies,
): Promise<void> {
  const { events } = dependencies
  const streams = new Set<ServerResponse>()
  // Before the socket server's own, which closes them without a word. No subscription is told to be complete: its client shall go on with it elsewhere.
  app.addHook('preClose', async () => {
    for (const client of app.websocketServer.clients) client.close(CLOSED_FOR_A_RESTART)
    for (const stream of streams) stream.destroy()
    await events.close()
  })
  await app.register(websocket, { options: { maxPayload: LARGEST_MESSAGE } })
  await app.register(async (routes) => {
    routes.route({
      method: 'GET',
      url: WEBSOCKET_PATH,
      handler: async (_request, reply) =>
        reply
          .code(426)
          .header('upgrade', 'websocket')
          .send({
            errors: [{ message: 'WebSocket is spoken here.', extensions: { code: 'BAD_REQUEST' } }],
          }),
      wsHandler: overWebSocket(dependencies),
    })
    const makers = new WeakMap<FastifyRequest, ContextMaker>()
    const stream = asStream(dependencies, makers)
    routes.route({
      method: ['GET', 'POST'],
      url: STREAM_PATH,
      config: { needs: Role.viewer },
      handler: async (request, reply) => {
        makers.set(request, contextMaker(dependencies, request, credentialsOf(request, dependencies.guard)))
        reply.hijack()
        streams.add(reply.raw)
        reply.raw.once('close', () => streams.delete(reply.raw))
        try {
          await stream(request, reply)
        } catch (error) {
          dependencies.logger.error({ err: error }, 'A stream of events failed unexpectedly')
          reply.raw.destroy()
        }
        return reply
      },
    })
  })
}

function overWebSocket(dependencies: SubscriptionDependencies) {
  const { schema, events, guard, formatError, hideSuggestions, countRequest } = dependencies
  const signedIn = new WeakMap<FastifyRequest, ContextMaker>()
  return makeHandler({
    isProd: true,
    connectionInitWaitTimeout: SIGN_IN_DEADLINE,
    onConnect: async ({ connectionParams, extra: { request, socket } }) => {
      const given = connectionParams?.['authorization'] ?? connectionParams?.['Authorization']
      const own = typeof given === 'string' ? { authorization: given } : {}
      const credentials = { ...credentialsOf(request, guard), ...own }
      const renew = contextMaker(dependencies, request, credentials)
      let context: ApiContext | null
      try {
        context = await renew()
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error
        socket.close(CLOSED_FOR_NOW, 'The provider of sign-in does not answer')
        return false
      }
      if (context === null) {
        const wait = noteWrong(request, credentials, guard)
        if (wait !== null) socket.close(CLOSED_AS_TOO_MANY, `Too many wrong credentials; wait ${wait} s`)
        return false
      }
      // Each subscription over the connection counts as a request of his.
      request.signedIn = { principal: context.principal, sessionId: null }
      signedIn.set(request, renew)
      return true
    },
    onSubscribe: async ({ subscriptions, extra: { request } }, _id, payload) => {
      const renew = signedIn.get(request)
      if (renew === undefined) throw new Error('A connection subscribes that has not signed in.')
      if (Object.keys(subscriptions).length > MOST_OF_A_CONNECTION || isFull(events)) return [tooMany()]
      try {
        await countRequest(request)
      } catch (error) {
        if (error instanceof RateLimitError) return [tooOften(error)]
        throw error
      }
      return readOperation(schema, payload, renew, hideSuggestions)
    },
    subscribe: async (args) => subscribe(args as LiveOperation),
    onNext: (_context, _id, _payload, _args, result) => formatted(result, formatError),
    onError: (_context, _id, _payload, errors) => formattedErrors(errors, formatError),
  })
}

/** `makers`: for whom a request is answered. */
function asStream(
  { schema, events, formatError, hideSuggestions }: SubscriptionDependencies,
  makers: WeakMap<FastifyRequest, ContextMaker>,
) {
  return createHandler<Record<string, never>>({
    // One subscription to a request: nothing is kept between two of them.
    authenticate: () => null,
    onSubscribe: async ({ raw }, params) => {
      const renew = makers.get(raw)
      if (renew === undefined) throw new Error('A request subscribes that has not signed in.')
      if (isFull(events)) return { data: null, errors: [tooMany()] }
      const { query, operationName, variables } = params
      const operation = await readOperation(
        schema,
        { query: String(query), operationName, variables },
        renew,
        hideSuggestions,
      )
      if (!('document' in operation)) return { data: null, errors: operation }
      return answersOf(operation)
    },
    onNext: (_context, _request, result) => formatted(result as ExecutionResult, formatError),
  })
}

/** This library takes for an answer only what has data, if none. */
async function answersOf(
  operation: LiveOperation,
): Promise<AsyncGenerator<ExecutionResult> | ExecutionResult> {
  const answers = await subscribe(operation)
  return Symbol.asyncIterator in answers ? answers : { data: null, ...answers }
}

function isFull(events: EventHub): boolean {
  return events.subscriptions >= MOST_OF_ALL
}

function tooMany(): GraphQLError {
  return apiError(
    ErrorCode.queryTooComplex,
    `There are too many subscriptions: at most ${MOST_OF_A_CONNECTION} over one connection, ${MOST_OF_ALL} in all. End some.`,
  )
}

function tooOften({ message, limit, seconds }: RateLimitError): GraphQLError {
  return apiError(ErrorCode.rateLimited, message, {
    what: 'requests a minute',
    limit,
    retryAfterSeconds: seconds,
  })
}

function formatted(
  result: ExecutionResult,
  format: SubscriptionDependencies['formatError'],
): ExecutionResult {
  const { errors, ...rest } = result
  if (errors === undefined) return result
  return { ...rest, errors: formattedErrors(errors, format) as readonly GraphQLError[] }
}

function formattedErrors(
  errors: readonly GraphQLError[],
  format: SubscriptionDependencies['formatError'],
): readonly GraphQLFormattedError[] {
  return errors.map((error) => format(error.toJSON(), error))
}

/** Who has signed in is asked again from time to time: a token that is revoked ends what it has subscribed to. It throws SIGN_IN_UNAVAILABLE. */
function contextMaker(
  { guard, createContext }: SubscriptionDependencies,
  { ip }: FastifyRequest,
  credentials: Credentials,
): ContextMaker {
  let known: { readonly principal: Principal; readonly until: number } | null = null
  return async () => {
    if (known === null || known.until < Date.now()) {
      const principal = await whoSends(guard, credentials)
      // What is subscribed to tells of all connections.
      if (principal === null || principal.connectionId !== null) return null
      known = { principal, until: Date.now() + SIGNED_IN_AGAIN }
    }
    return createContext(known.principal, ip)
  }
}

async function whoSends(guard: SignInGuard, credentials: Credentials): Promise<Principal | null> {
  try {
    return (await guard.authenticator.authenticate(credentials))?.principal ?? null
  } catch (error) {
    if (error instanceof ProviderUnavailableError) throw apiError(ErrorCode.signInUnavailable, error.message)
    throw error
  }
}

/** A cookie counts only where the page that sends it is of our own: browsers send cookies along from any page. */
function credentialsOf(request: FastifyRequest, { publicUrl }: SignInGuard): Credentials {
  return {
    authorization: request.headers.authorization,
    session: isSameOrigin(request, publicUrl) ? sessionOf(request, isSecure(request, publicUrl)) : undefined,
  }
}
