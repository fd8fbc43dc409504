import type { z } from 'zod'
import type { SystemKind } from '../domain/schema.js'
import { systemCaption } from '../domain/system-caption.js'
import { createBusinessCentralConnector } from './business-central/connector.js'
import { businessCentralSettings } from './business-central/settings.js'
import { checkEverySignIn } from './check-every-sign-in.js'
import type { Connector } from './connector.js'
import { createDataverseConnector } from './dataverse/connector.js'
import { dataverseSettings } from './dataverse/settings.js'
import type { ConnectorDependencies } from './http/service-client.js'
import type { SignIn } from './service-settings.js'
import { createPostgresConnector } from './postgres/connector.js'
import { postgresSettings } from './postgres/settings.js'
import { describeProblems, type SettingsProblem } from './settings-problems.js'
import { createODataConnector } from './odata/connector.js'
import { odataSettings } from './odata/settings.js'

/** A kind of system: its settings, and a connector out of them. */
interface ConnectorKind {
  readonly settings: z.ZodType
  create(settings: unknown, dependencies: ConnectorDependencies): Connector
}

function kindOf<Settings>(
  kind: SystemKind,
  settings: z.ZodType<Settings>,
  create: (settings: Settings, dependencies: ConnectorDependencies) => Connector,
): ConnectorKind {
  return { settings, create: (given, dependencies) => create(parse(kind, settings, given), dependencies) }
}

/** The same for a service that may be called in the names of several applications. */
function kindOfMany<Settings extends { readonly signIn: SignIn; readonly furtherSignIns: readonly SignIn[] }>(
  kind: SystemKind,
  settings: z.ZodType<Settings>,
  create: (settings: Settings, dependencies: ConnectorDependencies) => Connector,
): ConnectorKind {
  return kindOf(kind, settings, (parsed, dependencies) => {
    const connector = create(parsed, dependencies)
    if (parsed.furtherSignIns.length === 0) return connector
    const { link: _shared, ...own } = dependencies
    return {
      ...connector,
      check: (request) =>
        checkEverySignIn(
          [parsed.signIn, ...parsed.furtherSignIns],
          (signIn) => create({ ...parsed, signIn, furtherSignIns: [] }, own),
          request,
        ),
    }
  })
}

const KINDS: Readonly<Record<SystemKind, ConnectorKind>> = {
  BUSINESS_CENTRAL: kindOfMany('BUSINESS_CENTRAL', businessCentralSettings, createBusinessCentralConnector),
  DATAVERSE: kindOf('DATAVERSE', dataverseSettings, createDataverseConnector),
  POSTGRESQL: kindOf('POSTGRESQL', postgresSettings, createPostgresConnector),
  ODATA: kindOf('ODATA', odataSettings, createODataConnector),
}

/** Settings that cannot be used; the message lists every problem. */
export class ConnectorSettingsError extends Error {
  constructor(
    kind: SystemKind,
    readonly problems: readonly string[],
  ) {
    super(
      `The settings for ${systemCaption(kind)} are not usable:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
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
  return KINDS[kind].create(settings, dependencies)
}

/** Whether calls to systems of this kind are let begin by a governor, in lanes. */
export function hasLanes(kind: SystemKind): boolean {
  return kind !== 'POSTGRESQL'
}

/** What is wrong with settings; empty where they can be used. Values are not repeated, as they may be secrets. */
export function settingsProblems(kind: SystemKind, settings: unknown): readonly SettingsProblem[] {
  const { settings: schema } = KINDS[kind]
  const result = schema.safeParse(settings, { reportInput: true })
  return result.success ? [] : describeProblems(result.error, schema)
}

function parse<Output>(kind: SystemKind, schema: z.ZodType<Output>, settings: unknown): Output {
  const result = schema.safeParse(settings, { reportInput: true })
  if (result.success) return result.data
  throw new ConnectorSettingsError(
    kind,
    describeProblems(result.error, schema).map(
      ({ member, message }) => `${member || 'settings'}: ${message}`,
    ),
  )
}
