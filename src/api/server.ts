import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled'
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import type { Database } from '../persistence/database.js'
import { ProcessMetrics } from '../telemetry/metrics.js'
import { StateMetrics } from '../telemetry/state-metrics.js'
import type { RunControl } from '../temporal/run-control.js'
import type { RecordExaminer } from '../temporal/record-examiner.js'
import type { ConnectionChecker } from '../temporal/connection-checker.js'
import type { TableReader } from '../temporal/table-reader.js'
import type { SettingsKeeper } from './connection/settings-keeper.js'
import { createContext, type ApiContext } from './context.js'
import { ErrorCode } from './errors.js'
import { failure } from './failure.js'
import { createErrorFormatter } from './format-error.js'
import { EventHub } from './live/hub.js'
import { serveSubscriptions } from './live/serve-subscriptions.js'
import { serveHints } from './hint-route.js'
import { HOME_PAGE } from './home-page.js'
import { measureOperations, needsOfApi, serveMetrics } from './measure.js'
import { limits, MOST_TOKENS } from './limits.js'
import { NO_PROVIDER, type SignInOptions } from './sign-in/options.js'
import { addSignIn } from './sign-in/sign-in.js'
import { buildApiSchema } from './schema.js'

/** Bytes of one request; a list of the most ids that a call takes is a twentieth of it. */
const LARGEST_BODY = 1024 * 1024

const GRAPHQL_PATH = '/graphql'

export interface ApiDependencies {
  readonly database: Database
  readonly runControl: RunControl
  readonly tableReader: TableReader
  readonly recordExaminer: RecordExaminer
  readonly settingsKeeper: SettingsKeeper
  readonly connectionChecker: ConnectionChecker
  /** The bearer token of this machine: who holds it is its administrator. */
  readonly token: string
  /** How people sign in; left out: by the token and by links of this machine alone. */
  readonly signIn?: SignInOptions
  readonly host: string
  /** 0: any free port; `url` names it. */
  readonly port: number
  /** Metrics are told to whoever asks; left out: to those who have signed in. */
  readonly openMetrics?: boolean
  readonly logger: Logger
}

export interface Api {
  /** `http://127.0.0.1:4400`, without a trailing slash; GraphQL is at `/graphql`. */
  readonly url: string
  /** Stops listening, lets requests under way end, at most ten seconds. Leaves database and run control open. */
  close(): Promise<void>
}

/** The API's address is in use, or this machine has no such address. */
export class ApiAddressError extends Error {
  override readonly name = 'ApiAddressError'
}

/** Serves the API. Throws {@link ApiAddressError}. */
export async function startApi(dependencies: ApiDependencies): Promise<Api> {
  const { database, logger, host, port } = dependencies
  const app = Fastify({ logger: false, bodyLimit: LARGEST_BODY, forceCloseConnections: 'idle' })
  const schema = buildApiSchema()
  const metrics = new ProcessMetrics('api')
  const state = new StateMetrics(database, metrics.registry)
  const events = new EventHub({
    databaseUrl: database.config.get('clientUrl') ?? '',
    logger,
    onSubscriptions: (count) => metrics.subscriptions.set(count),
  })
  const shared = { ...dependencies, events }
  const formatError = createErrorFormatter(logger)
  const apollo = new ApolloServer<ApiContext>({
    schema,
    introspection: true,
    csrfPrevention: true,
    // Apollo's own page loads its scripts from the internet.
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      limits(schema),
      measureOperations(metrics),
      fastifyApolloDrainPlugin(app),
    ],
    formatError,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: MOST_TOKENS },
    persistedQueries: false,
    stopOnTerminationSignals: false,
    logger,
  })
  await apollo.start()
  try {
    answerFailures(app, logger)
    serveMetrics(
      app,
      { needs: needsOfApi(database, dependencies.runControl), metrics, state, logger },
      dependencies.openMetrics === true,
    )
    servePages(app)
    serveHints(app, dependencies)
    const guard = await addSignIn(app, GRAPHQL_PATH, { signIn: NO_PROVIDER, ...dependencies })
    await app.register(fastifyApollo(apollo), {
      path: GRAPHQL_PATH,
      method: ['GET', 'POST'],
      context: async ({ signedIn, ip }) => {
        if (signedIn === null) throw new Error('A request came this far without sign-in')
        return createContext(shared, signedIn.principal, ip)
      },
    })
    await serveSubscriptions(app, {
      schema,
      events,
      guard,
      logger,
      formatError,
      createContext: (principal, address) => createContext(shared, principal, address),
    })
    const url = await app.listen({ host, port })
    return { url, close: () => apollo.stop() }
  } catch (error) {
    await apollo.stop()
    throw translateListenError(error, host, port)
  }
}

function servePages(app: FastifyInstance): void {
  app.get('/', async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(HOME_PAGE),
  )
}

/** Failures before GraphQL: in the shape of GraphQL, so that clients need to know one only. */
function answerFailures(app: FastifyInstance, logger: Logger): void {
  app.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send(failure(ErrorCode.notFound, 'There is nothing here. GraphQL is at /graphql.')),
  )
  app.setErrorHandler(async (error: FastifyError, _request, reply: FastifyReply) => {
    const status = error.statusCode ?? 500
    if (status < 500) return reply.code(status).send(failure('BAD_REQUEST', error.message))
    logger.error({ err: error }, 'A request failed unexpectedly')
    return reply
      .code(500)
      .send(failure(ErrorCode.internal, 'Accord met an internal error. Its log says more.'))
  })
}

function translateListenError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return new ApiAddressError(
        `Port ${port} on ${host} for the API is in use by another program. Stop that program, or choose another port for the API.`,
        { cause: error },
      )
    case 'EACCES':
      return new ApiAddressError(
        `Port ${port} on ${host} for the API may not be opened by this user. Choose one above 1023.`,
        { cause: error },
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ApiAddressError(`This machine has no address ${host} for the API.`, { cause: error })
    default:
      return error
  }
}
