import type { z } from 'zod'
import { defaultCacheDirectory } from './embedded/cache-directory.js'
import { type LogLevel, SETTINGS } from './settings.js'

export { LogLevel } from './settings.js'
export { resolveSecret, SecretError } from './secrets.js'

/** One setting that cannot be used. */
export interface ConfigProblem {
  readonly variable: string
  readonly message: string
}

/** Settings are wrong; every problem is named, each with what is expected and how to mend it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  constructor(readonly problems: readonly ConfigProblem[]) {
    const lines = problems.map((problem) => `- ${problem.variable}: ${problem.message}`)
    super(`Accord cannot start with these settings:\n${lines.join('\n')}`)
  }
}

/** Names under which a machine reaches itself alone. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i

type SettingValues = { readonly [K in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[K]['schema']> }

/** A provider of sign-in by OpenID Connect. */
export interface ProviderConfig {
  readonly issuer: string
  readonly clientId: string
  /** As it was set: itself, or a reference. */
  readonly clientSecret: string | null
  readonly scope: string
  readonly audience: string | null
  readonly roleClaim: string
  readonly administrators: readonly string[]
  readonly operators: readonly string[]
  readonly viewers: readonly string[]
}

/** All settings of a process, read once at its start. Times are in the units their names say. */
export interface Config {
  /** Absolute. */
  readonly dataDirectory: string
  /** Absolute. */
  readonly cacheDirectory: string
  /** `null`: `accord up` runs a PostgreSQL of its own. */
  readonly databaseUrl: string | null
  readonly temporal: {
    /** `null`: `accord up` runs a Temporal server of its own. */
    readonly address: string | null
    readonly namespace: string
    readonly taskQueue: string
    readonly uiUrl: string | null
  }
  readonly api: {
    readonly host: string
    readonly port: number
    /** Where people and systems reach the API, with the path prefix if there is one, without a trailing slash; `null`: they cannot. */
    readonly publicUrl: string | null
    /** Addresses and networks of proxies whose X-Forwarded headers are believed. */
    readonly trustedProxies: readonly string[]
    /** As it was set; `null`: one kept in the data folder. See `ensureApiToken`. */
    readonly token: string | null
    /** Whether the schema is told to those who have signed in. */
    readonly introspection: boolean
    /** Requests a minute of one principal; 0: any number. */
    readonly rateLimit: number
    readonly deadlineSeconds: number
    readonly statementSeconds: number
  }
  readonly signIn: {
    /** `null`: nobody signs in but by the token and by links of this machine. */
    readonly provider: ProviderConfig | null
    /** Hours until a session ends. */
    readonly sessionHours: number
    readonly auditDays: number
  }
  /** Keys for stored secrets, as they were set, and Accord's other secrets. See `readKeyRing`. */
  readonly secrets: {
    readonly key: string | null
    readonly previousKeys: string | null
    readonly others: readonly string[]
  }
  /** Ports of the servers `accord up` runs itself. */
  readonly ports: {
    readonly postgres: number
    readonly temporal: number
    readonly temporalUi: number
    readonly businessCentralSandbox: number
    readonly dataverseSandbox: number
  }
  readonly sandbox: {
    /** Whether `accord up` starts the sandboxes and makes the demo between them. */
    readonly demo: boolean
    /** Generated companies; 0: the demo's. */
    readonly customers: number
    /** `null`: a database beside Accord's. */
    readonly businessCentralDatabaseUrl: string | null
    readonly dataverseDatabaseUrl: string | null
  }
  readonly engine: {
    readonly commitDelaySeconds: number
    readonly pageSize: number
    readonly schedules: boolean
    readonly maximumAttempts: number
    /** A new version of either record lifts a skip that a failure caused. */
    readonly liftsSkips: boolean
    /** How long writes are kept, with what stood there before. */
    readonly historyDays: number
    /** How long resolved errors are kept, and what bulk actions did. */
    readonly errorDays: number
    /** How long alerts that have recovered are kept. */
    readonly alertDays: number
    /** Hours between two checks of a connection that nobody asks for; 0: never. */
    readonly checkHours: number
    readonly unavailablePatienceSeconds: number
    readonly requestDeadlineSeconds: number
    readonly workerTimeoutSeconds: number
  }
  readonly telemetry: {
    /** Metrics are told to whoever asks; else to those who have signed in. */
    readonly openMetrics: boolean
    /** Where a worker tells its health and metrics; `null`: it does not. */
    readonly workerPort: number | null
    /** Collector of OpenTelemetry; `null`: nothing is traced. */
    readonly traceEndpoint: string | null
  }
  readonly logLevel: LogLevel
}

/** The settings of a process that works: what `accord up` or the environment decides is decided. */
export interface ResolvedConfig extends Config {
  readonly databaseUrl: string
  readonly temporal: Config['temporal'] & { readonly address: string }
  readonly api: Config['api'] & { readonly token: string }
}

/**
 * Reads all settings from the environment.
 * @throws ConfigError that names every problem at once
 */
export function loadConfig(environment: Readonly<NodeJS.ProcessEnv> = process.env): Config {
  const problems: ConfigProblem[] = []
  const entries = Object.entries(SETTINGS).map(([key, { variable, expected, schema }]) => {
    const raw = environment[variable]
    // An empty variable is one that was not set: compose files write them so.
    const parsed = schema.safeParse(raw === '' ? undefined : raw)
    if (parsed.success) return [key, parsed.data]
    const shown = isSecret(variable) ? 'its value' : JSON.stringify(raw)
    problems.push({
      variable,
      message: `${shown} is not ${expected}. Correct it, or remove it for the default.`,
    })
    return [key, null]
  })
  const values = Object.fromEntries(entries) as SettingValues
  if (problems.length === 0 && values.oidcIssuer !== null && values.oidcClientId === null)
    problems.push({
      variable: 'ACCORD_OIDC_CLIENT_ID',
      message: 'It is needed beside ACCORD_OIDC_ISSUER: the id that the provider of sign-in gave Accord.',
    })
  if (problems.length > 0) throw new ConfigError(problems)
  return freezeDeep({
    dataDirectory: values.dataDirectory,
    cacheDirectory: values.cacheDirectory ?? defaultCacheDirectory(environment['XDG_CACHE_HOME']),
    databaseUrl: values.databaseUrl,
    temporal: {
      address: values.temporalAddress,
      namespace: values.temporalNamespace,
      taskQueue: values.taskQueue,
      uiUrl: values.temporalUiUrl,
    },
    api: {
      host: values.apiHost,
      port: values.apiPort,
      publicUrl: values.publicUrl?.replace(/\/+$/, '') ?? null,
      trustedProxies: values.trustedProxies,
      token: values.apiToken,
      introspection:
        values.introspection === null
          ? values.publicUrl === null && LOOPBACK.test(values.apiHost)
          : values.introspection === 'on',
      rateLimit: values.rateLimit,
      deadlineSeconds: values.apiDeadlineSeconds,
      statementSeconds: values.statementSeconds,
    },
    signIn: {
      provider: providerOf(values),
      sessionHours: values.sessionHours,
      auditDays: values.auditDays,
    },
    secrets: {
      key: values.secretKey,
      previousKeys: values.previousSecretKeys,
      others: [values.apiToken, values.oidcClientSecret].filter((secret) => secret !== null),
    },
    ports: {
      postgres: values.postgresPort,
      temporal: values.temporalPort,
      temporalUi: values.temporalUiPort,
      businessCentralSandbox: values.businessCentralSandboxPort,
      dataverseSandbox: values.dataverseSandboxPort,
    },
    sandbox: {
      demo: values.demo,
      customers: values.sandboxCustomers,
      businessCentralDatabaseUrl: values.businessCentralSandboxDatabaseUrl,
      dataverseDatabaseUrl: values.dataverseSandboxDatabaseUrl,
    },
    engine: {
      commitDelaySeconds: values.commitDelaySeconds,
      pageSize: values.pageSize,
      schedules: values.schedules,
      maximumAttempts: values.maximumAttempts,
      liftsSkips: values.liftsSkips,
      historyDays: values.historyDays,
      errorDays: values.errorDays,
      alertDays: values.alertDays,
      checkHours: values.checkHours,
      unavailablePatienceSeconds: values.unavailablePatienceSeconds,
      requestDeadlineSeconds: values.requestDeadlineSeconds,
      workerTimeoutSeconds: values.workerTimeoutSeconds,
    },
    telemetry: {
      openMetrics: values.metrics === 'open',
      workerPort: values.workerPort,
      traceEndpoint: values.traceEndpoint,
    },
    logLevel: values.logLevel,
  })
}

/** Every setting with what holds now; the values of secrets are left out. An invalid one is told as it was set: {@link loadConfig} refuses it. */
export function describeSettings(environment: Readonly<NodeJS.ProcessEnv> = process.env): readonly {
  readonly variable: string
  readonly purpose: string
  readonly value: string | null
  readonly isSet: boolean
  readonly isSecret: boolean
}[] {
  return Object.values(SETTINGS).map(({ variable, purpose, schema }) => {
    const given = environment[variable] === '' ? undefined : environment[variable]
    const value: unknown = given ?? schema.safeParse(undefined).data ?? null
    return {
      variable,
      purpose,
      value: isSecret(variable) || value === null ? null : String(value),
      isSet: given !== undefined,
      isSecret: isSecret(variable),
    }
  })
}

function providerOf(values: SettingValues): ProviderConfig | null {
  const { oidcIssuer: issuer, oidcClientId: clientId } = values
  if (issuer === null || clientId === null) return null
  return {
    issuer,
    clientId,
    clientSecret: values.oidcClientSecret,
    scope: values.oidcScope,
    audience: values.oidcAudience,
    roleClaim: values.oidcRoleClaim,
    administrators: values.oidcAdministrators,
    operators: values.oidcOperators,
    viewers: values.oidcViewers,
  }
}

function isSecret(variable: string): boolean {
  return /_(?:TOKEN|SECRET|DATABASE_URL|KEY|KEY_PREVIOUS)$/.test(variable)
}

function freezeDeep(config: Config): Config {
  for (const value of Object.values(config)) if (typeof value === 'object') Object.freeze(value)
  return Object.freeze(config)
}
