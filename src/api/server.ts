import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify'
import Fastify from 'fastify'
import type { Logger } from 'pino'
import type { Database } from '../persistence/database.js'
import { ProcessMetrics } from '../telemetry/metrics.js'
import { StateMetrics } from '../telemetry/state-metrics.js'
import type { RunControl } from '../temporal/run-control.js'
import type { RecordExaminer } from '../temporal/record-examiner.js'
import type { ConnectionChecker } from '../temporal/connection-checker.js'
import type { TableReader } from '../temporal/table-reader.js'
import type { Installation } from './installation/installation.js'
import type { SettingsKeeper } from './connection/settings-keeper.js'
import { serveConsole } from './console/serve-console.js'
import { createContext, type ApiContext } from './context.js'
import { createErrorFormatter } from './format-error.js'
import { serveExport } from './export/serve-export.js'
import { serveGraphiql } from './graphiql/serve-graphiql.js'
import { answerFailures } from './guard/answer-failures.js'
import { holdToDeadline } from './guard/deadline.js'
import { DOCUMENT_RULES, MOST_TOKENS } from './guard/document-rules.js'
import { neverCache } from './guard/never-cache.js'
import { limitRate } from './guard/rate-limit.js'
import { refuseBatches } from './guard/refuse-batches.js'
import { refuseHosts } from './guard/refuse-hosts.js'
import { noticeProxies } from './guard/notice-proxies.js'
import { addSecurityHeaders } from './guard/security-headers.js'
import { EventHub } from './live/hub.js'
import { serveSubscriptions } from './live/serve-subscriptions.js'
import { serveHints } from './hint-route.js'
import { isTracing } from '../telemetry/tracing.js'
import { traceRequests } from './trace-requests.js'
import { measureOperations, needsOfApi, serveMetrics } from './measure.js'
import { limits } from './limits.js'
import { prefixOf, withoutPrefix } from './path-prefix.js'
import { NO_PROVIDER, type SignInOptions } from './sign-in/options.js'
import { Recent } from './recent.js'
import { addSignIn } from './sign-in/sign-in.js'
import { buildApiSchema } from './schema.js'

/** Bytes of one request; a list of the most ids that a call takes is a twentieth of it. */
const LARGEST_BODY = 1024 * 1024

/** Milliseconds within which a request has to have come in whole. */
const ARRIVAL_DEADLINE = 30_000

/** Seconds for which a persisted query is kept after it was sent whole; the server's cache is bounded. */
const PERSISTED_FOR = 86_400

const GRAPHQL_PATH = '/graphql'

export interface ApiDependencies {
  readonly database: Database
  readonly runControl: RunControl
  readonly tableReader: TableReader
  readonly recordExaminer: RecordExaminer
  readonly settingsKeeper: SettingsKeeper
  readonly connectionChecker: ConnectionChecker
  readonly installation: Installation
  /** The bearer token of this machine: who holds it is its administrator. */
  readonly token: string
  /** How people sign in; left out: by the token and by links of this machine alone. */
  readonly signIn?: SignInOptions
  readonly host: string
  /** 0: any free port; `url` names it. */
  readonly port: number
  readonly limits?: ApiLimits
  /** Addresses and networks of proxies whose X-Forwarded headers are believed; left out: nobody's are. */
  readonly trustedProxies?: readonly string[]
  /** The schema is told to those who have signed in. Left out: it is. */
  readonly introspection?: boolean
  /** Metrics are told to whoever asks; left out: to those who have signed in. */
  readonly openMetrics?: boolean
  readonly logger: Logger
}

/** What each is held to. */
export interface ApiLimits {
  /** Of one principal; null: any number. */
  readonly requestsPerMinute: number | null
  /** Until a request has to be answered. */
  readonly deadlineSeconds: number
}

const NO_LIMITS: ApiLimits = { requestsPerMinute: null, deadlineSeconds: 120 }

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
  const { database, logger, host, port, limits: each = NO_LIMITS, introspection = true } = dependencies
  const { trustedProxies = [], signIn = NO_PROVIDER } = dependencies
  const pathPrefix = prefixOf(signIn.publicUrl)
  const app = Fastify({
    logger: false,
    bodyLimit: LARGEST_BODY,
    requestTimeout: ARRIVAL_DEADLINE,
    forceCloseConnections: 'idle',
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    rewriteUrl: ({ url }) => withoutPrefix(url ?? '/', pathPrefix),
  })
  app.decorate('pathPrefix', pathPrefix)
  const schema = buildApiSchema()
  const metrics = new ProcessMetrics('api')
  const state = new StateMetrics(database, metrics.registry)
  const events = new EventHub({
    databaseUrl: database.config.get('clientUrl') ?? '',
    logger,
    onSubscriptions: (count) => metrics.subscriptions.set(count),
  })
  const shared = { ...dependencies, events, pathPrefix }
  const formatError = createErrorFormatter(logger)
  const apollo = new ApolloServer<ApiContext>({
    schema,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    validationRules: [...DOCUMENT_RULES],
    csrfPrevention: true,
    // Apollo's own page loads its scripts from the internet.
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // It looks at every field of every answer, to tell in the end that nothing may be cached.
      ApolloServerPluginCacheControlDisabled(),
      neverCache,
      limits(schema),
      measureOperations(metrics),
      fastifyApolloDrainPlugin(app),
    ],
    formatError,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: MOST_TOKENS },
    persistedQueries: { ttl: PERSISTED_FOR },
    stopOnTerminationSignals: false,
    logger,
  })
  await apollo.start()
  try {
    answerFailures(app, each.deadlineSeconds, logger)
    refuseHosts(app)
    noticeProxies(app, logger)
    await addSecurityHeaders(app, signIn.publicUrl)
    const countRequest = await limitRate(app, each.requestsPerMinute)
    refuseBatches(app, GRAPHQL_PATH)
    holdToDeadline(app, GRAPHQL_PATH, each.deadlineSeconds)
    if (isTracing()) traceRequests(app)
    serveMetrics(
      app,
      { needs: needsOfApi(database, dependencies.runControl), metrics, state, logger },
      dependencies.openMetrics === true,
    )
    await serveConsole(app, signIn)
    serveGraphiql(app, GRAPHQL_PATH, signIn.publicUrl)
    serveHints(app, dependencies)
    const guard = await addSignIn(app, GRAPHQL_PATH, { ...dependencies, signIn })
    serveExport(app, { schema, database, logger })
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
      countRequest,
      hideSuggestions: !introspection,
      logger,
      formatError,
      // No other event follows one that was answered with what is no longer so.
      createContext: (principal, address) => createContext(shared, principal, address, new Recent()),
    })
    const url = await app.listen({ host, port })
    return { url, close: () => apollo.stop() }
  } catch (error) {
    await apollo.stop()
    throw translateListenError(error, host, port)
  }
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
