import { z } from 'zod'
import type { SystemKind } from '../domain/schema.js'
import { assertNever } from '../domain/value.js'
import { createBusinessCentralConnector } from './business-central/connector.js'
import type { Connector } from './connector.js'
import { createDataverseConnector } from './dataverse/connector.js'
import type { ConnectorDependencies } from './http/service-client.js'

/** Secrets travel in clear text over plain HTTP, so it is for servers on this machine only. */
const address = z
  .url({ protocol: /^https?$/, error: 'is not an address; it begins with https://' })
  .refine(isSafeAddress, {
    error: 'must begin with https://, as secrets are sent there (http:// only to this machine)',
  })
const milliseconds = z.int().positive()

const serviceSettings = {
  tokenUrl: address,
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  scope: z.string().min(1),
  requestTimeout: milliseconds.default(60_000),
  maximumFlight: milliseconds.default(600_000),
}

/** Settings of a connection to Business Central. Times are in milliseconds. */
export const businessCentralSettings = z.strictObject({
  url: address.refine((url) => /\/api\/v2\.0\/?$/.test(url), { error: 'must end in /api/v2.0' }),
  customApi: z
    .string()
    .regex(/^[A-Za-z0-9]+\/[A-Za-z0-9]+\/(beta|v\d+\.\d+)$/, {
      error: 'must be <publisher>/<group>/<version>, for example accord/synchronization/v1.0',
    })
    .optional(),
  companyId: z.guid({ error: 'is not a GUID' }).nullable().default(null),
  ...serviceSettings,
  concurrency: z.int().min(1).max(5).default(4),
  webClientUrl: address.optional(),
})

/** Settings of a connection to Dataverse. Times are in milliseconds. */
export const dataverseSettings = z.strictObject({
  url: address.refine((url) => /\/api\/data\/v9\.2\/?$/.test(url), { error: 'must end in /api/data/v9.2' }),
  ...serviceSettings,
  concurrency: z.int().min(1).max(50).default(4),
  appUrl: address.optional(),
})

/** Settings that cannot be used; the message lists every problem. */
export class ConnectorSettingsError extends Error {
  constructor(
    kind: SystemKind,
    readonly problems: readonly string[],
  ) {
    super(
      `The settings of the ${kind} connection are not usable:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    )
    this.name = 'ConnectorSettingsError'
  }
}

/**
 * A connector out of settings that come from outside. Nothing is sent before the first call. Throws
 * {@link ConnectorSettingsError} naming every problem at once; values are not repeated, as they may be secrets.
 */
export function createConnector(
  kind: SystemKind,
  settings: unknown,
  dependencies: ConnectorDependencies = {},
): Connector {
  switch (kind) {
    case 'BUSINESS_CENTRAL':
      return createBusinessCentralConnector(parse(kind, businessCentralSettings, settings), dependencies)
    case 'DATAVERSE':
      return createDataverseConnector(parse(kind, dataverseSettings, settings), dependencies)
    default:
      return assertNever(kind)
  }
}

function parse<Output>(kind: SystemKind, schema: z.ZodType<Output>, settings: unknown): Output {
  const result = schema.safeParse(settings)
  if (result.success) return result.data
  throw new ConnectorSettingsError(
    kind,
    result.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`),
  )
}

function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return (
    protocol === 'https:' ||
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  )
}
