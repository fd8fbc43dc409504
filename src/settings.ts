import { isIPv4, isIPv6 } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'

/** A setting of Accord: its environment variable, what it is for, and the rule its text has to obey. */
interface Setting<T> {
  readonly variable: string
  readonly purpose: string
  /** What a valid value looks like, for the message about an invalid one. */
  readonly expected: string
  readonly schema: z.ZodType<T, string | undefined>
}

export const LogLevel = {
  trace: 'trace',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  silent: 'silent',
} as const
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel]

const setting = <T>(
  variable: string,
  purpose: string,
  expected: string,
  schema: z.ZodType<T, string | undefined>,
): Setting<T> => ({ variable, purpose, expected, schema })

const whole = (minimum: number, maximum: number, byDefault: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.number().int().min(minimum).max(maximum))
    .optional()
    .transform((value) => value ?? byDefault)

const number = (variable: string, purpose: string, byDefault: number, minimum = 1, maximum = 1_000_000) =>
  setting(
    variable,
    purpose,
    `a whole number from ${minimum} to ${maximum}`,
    whole(minimum, maximum, byDefault),
  )

const port = (variable: string, purpose: string, byDefault: number) =>
  setting(variable, purpose, 'a port number from 1 to 65535', whole(1, 65_535, byDefault))

const text = (byDefault: string) =>
  z
    .string()
    .optional()
    .transform((value) => value ?? byDefault)

const orNull = (schema: z.ZodType<string, string>) => schema.optional().transform((value) => value ?? null)

const address = z.string().regex(/^(?:\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5}$/)
const webAddress = z.url({ protocol: /^https?$/ })
/** What Accord itself serves at its root: below a prefix of that name nobody could tell which is meant. */
const OWN_PATHS =
  /^\/(?:graphql|graphiql|sign-in|sign-out|hints|export|healthz|readyz|health|metrics|assets)(?:\/|$)/
const publicAddress = webAddress.refine((value) => {
  if (!URL.canParse(value)) return false
  const { pathname, search, hash, username, password } = new URL(value)
  return (
    `${search}${hash}${username}${password}` === '' &&
    !/[?#]$/.test(value) &&
    /^(?:\/[A-Za-z0-9._~-]+)*\/?$/.test(pathname) &&
    !OWN_PATHS.test(pathname)
  )
})

/** An address, a network (10.0.0.0/8), or a name of networks that every machine knows. */
function isAddressOrNetwork(part: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(part)) return true
  const [host = '', bits, ...rest] = part.split('/')
  const most = isIPv4(host) ? 32 : isIPv6(host) ? 128 : null
  if (most === null || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most)
}

const addresses = z
  .string()
  .optional()
  .transform((value) =>
    (value ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .refine((parts) => parts.every((part) => isAddressOrNetwork(part)))
/** A password or a code in the clear goes to nobody but this machine. */
const issuerAddress = z
  .url()
  .regex(/^(?:https:\/\/[^?#]+|http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?(?:\/[^?#]*)?)$/)
const databaseAddress = z.url({ protocol: /^postgres(?:ql)?$/ })
const secretKeys = z.string().regex(/^(?:(?:[A-Za-z0-9+/_-]{43}=?|env:[^\s,]+|file:[^,]+)(?:\s*,\s*|$))+$/)
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)

const values = (variable: string, who: string, byDefault: string) =>
  setting(
    variable,
    `Values of that claim that make ${who}`,
    'values with commas between them',
    z
      .string()
      .optional()
      .transform((value) =>
        (value ?? byDefault)
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      ),
  )

/** Every setting there is. The order is that of the documentation. */
export const SETTINGS = {
  dataDirectory: setting(
    'ACCORD_DATA',
    'Folder of everything Accord keeps on this machine',
    'a folder; it is created when missing',
    text('.accord').transform((folder) => resolve(folder)),
  ),
  cacheDirectory: setting(
    'ACCORD_CACHE',
    'Folder of downloaded or built programs; by default accord in the cache folder of the user',
    'a folder; it is created when missing',
    orNull(z.string()),
  ),
  databaseUrl: setting(
    'ACCORD_DATABASE_URL',
    'Database of Accord; without it `accord up` runs a PostgreSQL of its own',
    'postgresql://user:password@host:port/database',
    orNull(databaseAddress),
  ),
  businessCentralSandboxDatabaseUrl: setting(
    'ACCORD_BUSINESS_CENTRAL_SANDBOX_DATABASE_URL',
    "Database of the Business Central sandbox; by default one beside Accord's",
    'postgresql://user:password@host:port/database',
    orNull(databaseAddress),
  ),
  dataverseSandboxDatabaseUrl: setting(
    'ACCORD_DATAVERSE_SANDBOX_DATABASE_URL',
    "Database of the Dataverse sandbox; by default one beside Accord's",
    'postgresql://user:password@host:port/database',
    orNull(databaseAddress),
  ),
  temporalAddress: setting(
    'TEMPORAL_ADDRESS',
    'Temporal server; without it `accord up` runs one of its own',
    'host:port, without http://',
    orNull(address),
  ),
  temporalNamespace: setting(
    'TEMPORAL_NAMESPACE',
    'Temporal namespace',
    'letters, digits, dots, dashes and underscores',
    name.optional().transform((value) => value ?? 'default'),
  ),
  taskQueue: setting(
    'ACCORD_TASK_QUEUE',
    'Temporal task queue between the API and the workers',
    'letters, digits, dots, dashes and underscores',
    name.optional().transform((value) => value ?? 'accord'),
  ),
  temporalUiUrl: setting(
    'ACCORD_TEMPORAL_UI_URL',
    'Web pages of Temporal, for links to runs',
    'http://host:port',
    orNull(webAddress),
  ),
  apiHost: setting(
    'ACCORD_API_HOST',
    'Address the API listens on',
    'an IP address or host name',
    text('127.0.0.1'),
  ),
  apiPort: port('ACCORD_API_PORT', 'Port of the API', 4000),
  publicUrl: setting(
    'ACCORD_PUBLIC_URL',
    'Where the API can be reached by people, and by the systems that send notifications; without it those are asked on schedule only',
    'https://host, https://host/prefix or http://host:port; a prefix of letters, digits, dots, dashes, and none of the paths that Accord serves itself',
    orNull(publicAddress),
  ),
  trustedProxies: setting(
    'ACCORD_TRUSTED_PROXIES',
    'Proxies before the API whose X-Forwarded headers are believed; without it, nobody is, and who comes by a proxy has its address',
    'addresses or networks with commas between them: 10.0.0.7, 10.1.0.0/16, loopback',
    addresses,
  ),
  apiToken: setting(
    'ACCORD_API_TOKEN',
    'Bearer token of the API; by default one is made once and kept in the data folder',
    'at least 16 visible characters, or a reference env:NAME or file:PATH',
    orNull(z.string().regex(/^(?:[\x21-\x7e]{16,}|env:.+|file:.+)$/)),
  ),
  introspection: setting(
    'ACCORD_INTROSPECTION',
    'Whether GraphQL tells its schema to those who have signed in; by default only where the API listens to this machine alone',
    '`on` or `off`',
    z
      .enum(['on', 'off'])
      .optional()
      .transform((value) => value ?? null),
  ),
  rateLimit: number(
    'ACCORD_RATE_LIMIT',
    'Requests a minute that one user or token is answered by one process of the API; 0: any number',
    6000,
    0,
  ),
  apiDeadlineSeconds: number(
    'ACCORD_API_DEADLINE_SECONDS',
    'Seconds one request to the API may take',
    120,
    30,
    3600,
  ),
  statementSeconds: number(
    'ACCORD_STATEMENT_SECONDS',
    'Seconds one statement of the API may take in its database',
    60,
    1,
    3600,
  ),
  oidcIssuer: setting(
    'ACCORD_OIDC_ISSUER',
    'Provider of sign-in by OpenID Connect, as its tokens name it; without it people sign in by links of this machine',
    'https://host/path, as the provider names itself; http:// for this machine alone',
    orNull(issuerAddress),
  ),
  oidcClientId: setting(
    'ACCORD_OIDC_CLIENT_ID',
    'Accord as the provider of sign-in knows it',
    'the id of an application of the provider',
    orNull(z.string().regex(/^\S+$/)),
  ),
  oidcClientSecret: setting(
    'ACCORD_OIDC_CLIENT_SECRET',
    'Its secret there; without it, it is a public client',
    'visible characters, or a reference env:NAME or file:PATH',
    orNull(z.string().regex(/^(?:[\x21-\x7e]+|env:.+|file:.+)$/)),
  ),
  oidcScope: setting(
    'ACCORD_OIDC_SCOPE',
    'What is asked of the provider of sign-in',
    'scopes with blanks between them, openid among them',
    z
      .string()
      .regex(/(?:^| )openid(?: |$)/)
      .optional()
      .transform((value) => value ?? 'openid profile email'),
  ),
  oidcAudience: setting(
    'ACCORD_OIDC_AUDIENCE',
    'What access tokens of the provider must be issued for to be taken as bearer tokens; without it none is',
    'an audience, as the tokens name it',
    orNull(z.string().regex(/^\S+$/)),
  ),
  oidcRoleClaim: setting(
    'ACCORD_OIDC_ROLE_CLAIM',
    'Claim of the provider that says what somebody may do',
    'the name of a claim: roles, groups',
    text('roles'),
  ),
  oidcAdministrators: values('ACCORD_OIDC_ADMINISTRATORS', 'administrators', 'Accord.Administrator'),
  oidcOperators: values('ACCORD_OIDC_OPERATORS', 'operators', 'Accord.Operator'),
  oidcViewers: values('ACCORD_OIDC_VIEWERS', 'viewers', 'Accord.Viewer'),
  sessionHours: number('ACCORD_SESSION_HOURS', 'Hours until somebody has to sign in again', 12, 1, 720),
  auditDays: number('ACCORD_AUDIT_DAYS', 'Days for which the audit log is kept', 730, 1, 36_500),
  secretKey: setting(
    'ACCORD_SECRET_KEY',
    'Key that encrypts the secrets of connections; by default one that `accord up` makes once in the data folder',
    '32 bytes in base64, or a reference env:NAME or file:PATH to them',
    orNull(secretKeys),
  ),
  previousSecretKeys: setting(
    'ACCORD_SECRET_KEY_PREVIOUS',
    'Earlier keys, with commas between them, until `accord secrets rotate` has encrypted everything anew',
    'keys of 32 bytes in base64, or references env:NAME or file:PATH to them',
    orNull(secretKeys),
  ),
  postgresPort: port('ACCORD_POSTGRES_PORT', 'Port of the PostgreSQL that `accord up` runs', 5433),
  temporalPort: port('ACCORD_TEMPORAL_PORT', 'Port of the Temporal server that `accord up` runs', 7233),
  temporalUiPort: port(
    'ACCORD_TEMPORAL_UI_PORT',
    'Port of the Temporal web pages that `accord up` runs',
    8233,
  ),
  businessCentralSandboxPort: port(
    'ACCORD_BUSINESS_CENTRAL_SANDBOX_PORT',
    'Port of the Business Central sandbox',
    4101,
  ),
  dataverseSandboxPort: port('ACCORD_DATAVERSE_SANDBOX_PORT', 'Port of the Dataverse sandbox', 4102),
  demo: setting(
    'ACCORD_DEMO',
    'Whether `accord up` starts the sandboxes and makes the demo; off: Accord alone, for systems of your own',
    '`on` or `off`',
    z
      .enum(['on', 'off'])
      .optional()
      .transform((value) => value !== 'off'),
  ),
  sandboxCustomers: number(
    'ACCORD_SANDBOX_CUSTOMERS',
    'Generated companies the sandboxes are filled with at their first start; 0: those of the demo',
    0,
    0,
  ),
  commitDelaySeconds: number(
    'ACCORD_COMMIT_DELAY_SECONDS',
    'Seconds a change may take to become visible after its stamp',
    60,
    0,
    86_400,
  ),
  pageSize: number('ACCORD_PAGE_SIZE', 'Records of one page of a run', 2000, 1, 20_000),
  schedules: setting(
    'ACCORD_SCHEDULES',
    'Whether runs start by themselves, on the schedules of their mappings and on hints; off: only when asked for',
    '`on` or `off`',
    z
      .enum(['on', 'off'])
      .optional()
      .transform((value) => value !== 'off'),
  ),
  liftsSkips: setting(
    'ACCORD_LIFT_SKIPS',
    'Whether a new version of either record lifts a skip that a failure caused',
    '`on` or `off`',
    z
      .enum(['on', 'off'])
      .optional()
      .transform((value) => value !== 'off'),
  ),
  maximumAttempts: number(
    'ACCORD_MAXIMUM_ATTEMPTS',
    'Attempts of one record before it is skipped',
    5,
    1,
    100,
  ),
  historyDays: number(
    'ACCORD_HISTORY_DAYS',
    'Days for which every write is kept, with what stood there before',
    180,
    1,
    36_500,
  ),
  errorDays: number(
    'ACCORD_ERROR_DAYS',
    'Days for which resolved errors, and what bulk actions did, are kept; open errors always are, and statistics too',
    90,
    1,
    36_500,
  ),
  alertDays: number(
    'ACCORD_ALERT_DAYS',
    'Days for which alerts that have recovered are kept, with what was sent; those that have not always are',
    90,
    1,
    36_500,
  ),
  checkHours: number(
    'ACCORD_CHECK_HOURS',
    'Hours between two checks of a connection that nobody asks for; 0: never',
    24,
    0,
    8760,
  ),
  unavailablePatienceSeconds: number(
    'ACCORD_UNAVAILABLE_PATIENCE_SECONDS',
    'Seconds a run waits for a system that does not answer, or takes no more calls',
    600,
    1,
    86_400,
  ),
  requestDeadlineSeconds: number(
    'ACCORD_REQUEST_DEADLINE_SECONDS',
    'Seconds one request to a system may take',
    60,
    1,
    3600,
  ),
  workerTimeoutSeconds: number(
    'ACCORD_WORKER_TIMEOUT_SECONDS',
    'Seconds without a sign of life after which a worker counts as dead, and others take over its runs',
    15,
    5,
    600,
  ),
  metrics: setting(
    'ACCORD_METRICS',
    'Who is told the metrics at /metrics: `token`, who has signed in; `open`, whoever asks',
    '`token` or `open`',
    z
      .enum(['token', 'open'])
      .optional()
      .transform((value) => value ?? 'token'),
  ),
  workerPort: setting(
    'ACCORD_WORKER_PORT',
    'Port on which a worker tells its health and metrics; without it, it does not',
    'a port number from 1 to 65535',
    z
      .string()
      .regex(/^\d+$/)
      .transform(Number)
      .pipe(z.number().int().min(1).max(65_535))
      .optional()
      .transform((value) => value ?? null),
  ),
  traceEndpoint: setting(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OpenTelemetry collector that traces are sent to, by OTLP over HTTP; without it there are none',
    'http://host:port',
    orNull(webAddress),
  ),
  logLevel: setting(
    'ACCORD_LOG_LEVEL',
    'Detail of the log',
    Object.values(LogLevel).join(', '),
    z
      .enum(LogLevel)
      .optional()
      .transform((value) => value ?? LogLevel.info),
  ),
} as const
