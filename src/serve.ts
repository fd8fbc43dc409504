import { startApi } from './api/server.js'
import type { Service } from './cli/child-process.js'
import type { SignInOptions } from './api/sign-in/options.js'
import { resolveSecret, type ResolvedConfig } from './config.js'
import { createInstallation } from './installation.js'
import { createLogger } from './log.js'
import { assertSchema, openDatabase } from './persistence/database.js'
import { startTracing } from './telemetry/tracing.js'
import { createSettingsKeeper } from './settings-keeper.js'
import { createConnectionChecker } from './temporal/connection-checker.js'
import { createRecordExaminer } from './temporal/record-examiner.js'
import { createTableReader } from './temporal/table-reader.js'
import { TemporalRunControl } from './temporal/temporal-run-control.js'

/** Serves the GraphQL API. Throws when database, Temporal or the port cannot be used. */
export async function runApi(config: ResolvedConfig): Promise<Service & { readonly url: string }> {
  const logger = createLogger('api', config.logLevel)
  const tracing = startTracing('accord-api', config.telemetry.traceEndpoint)
  const database = await openDatabase(config.databaseUrl, config.api.statementSeconds)
  let runControl: TemporalRunControl | null = null
  try {
    await assertSchema(database)
    runControl = await TemporalRunControl.connect(config.temporal, database)
    const control = runControl
    const api = await startApi({
      database,
      runControl: control,
      tableReader: createTableReader(control.client, config.temporal.taskQueue),
      settingsKeeper: createSettingsKeeper(config),
      installation: createInstallation(config),
      recordExaminer: createRecordExaminer(control.client, config.temporal.taskQueue),
      connectionChecker: createConnectionChecker(control.client, config.temporal.taskQueue),
      token: config.api.token,
      signIn: signInOf(config),
      host: config.api.host,
      port: config.api.port,
      trustedProxies: config.api.trustedProxies,
      limits: {
        requestsPerMinute: config.api.rateLimit === 0 ? null : config.api.rateLimit,
        deadlineSeconds: config.api.deadlineSeconds,
      },
      introspection: config.api.introspection,
      openMetrics: config.telemetry.openMetrics,
      logger,
    })
    return {
      url: api.url,
      stop: async () => {
        await api.close()
        await control.close()
        await database.close(true)
        await tracing.close()
      },
    }
  } catch (error) {
    await runControl?.close()
    await database.close(true)
    await tracing.close()
    throw error
  }
}

/** Throws SecretError when the secret of the provider of sign-in cannot be read. */
function signInOf({ api, signIn: { provider, sessionHours } }: ResolvedConfig): SignInOptions {
  if (provider === null) return { provider, sessionHours, publicUrl: api.publicUrl }
  const { administrators, operators, viewers, clientSecret, ...rest } = provider
  return {
    provider: {
      ...rest,
      clientSecret:
        clientSecret !== null && /^(?:env|file):/.test(clientSecret)
          ? resolveSecret(clientSecret)
          : clientSecret,
      values: { ADMINISTRATOR: administrators, OPERATOR: operators, VIEWER: viewers },
    },
    sessionHours,
    publicUrl: api.publicUrl,
  }
}
