import { createHmac } from 'node:crypto'
import { startBusinessCentral } from './business-central/open.js'
import type { Client, DirectoryUser } from './common/directory.js'
import { Directory } from './common/directory.js'
import { createTokens } from './common/tokens.js'
import { startDataverse } from './dataverse/open.js'
import { seedBusinessCentral } from './demo/business-central.js'
import { seedDataverse } from './demo/dataverse.js'

/** Seconds for which a token is good, as with Microsoft Entra. */
const TOKEN_LIFETIME = 3600
/** The client of a person who edits by hand, so that edits have another author than Accord's. */
const PERSON_CLIENT_ID = '3e9f5a0c-7c1b-4b52-8f43-2c0a7d6be910'
/** Any tenant id is taken; this one is shown. */
const TENANT_ID = '8a1f7a52-4d0c-4d44-9a3f-0d6f0c9b7e21'

export interface SandboxOptions {
  /** PostgreSQL URL; the database is created where it is missing. */
  readonly businessCentralDatabaseUrl: string
  readonly dataverseDatabaseUrl: string
  /** 0: any free port. */
  readonly businessCentralPort: number
  readonly dataversePort: number
  readonly clientId: string
  readonly clientSecret: string
  /** Fills empty databases with the demo's companies. */
  readonly demo: boolean
  /** Fills empty databases with that many generated customers instead. */
  readonly customers?: number
  /** Seconds; 3,600 by default. */
  readonly tokenLifetime?: number
  /** A person's client; by default a fixed id with a secret derived from `clientSecret`. */
  readonly personClientId?: string
  readonly personClientSecret?: string
  /** PEM of a certificate that `clientId` may sign in with. */
  readonly certificate?: string
  /** More applications of Accord's kind, each with a user of its own in Dataverse. */
  readonly otherClients?: readonly Client[]
  /** Accounts that services sign in with by name and password, each with a user in Dataverse. */
  readonly users?: readonly DirectoryUser[]
  /** Switches set before anybody can ask; they are cleared like those that are set later. */
  readonly switches?: readonly StartSwitch[]
  /** Business Central refuses a DELETE without If-Match; by default it passes. */
  readonly strictDelete?: boolean
}

/** What `POST /sandbox/{name}` of a system would be sent. */
export interface StartSwitch {
  readonly system: 'businessCentral' | 'dataverse'
  readonly name: string
  readonly body: object
}

export interface RunningSandbox {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly personClientId: string
  readonly personClientSecret: string
  /** `origin` is where `/sandbox/faults`, `/sandbox/clock` and `/sandbox/metrics` are. */
  readonly businessCentral: {
    readonly url: string
    readonly origin: string
    readonly companyId: string
    close(): Promise<void>
  }
  readonly dataverse: { readonly url: string; readonly origin: string; close(): Promise<void> }
  close(): Promise<void>
}

/**
 * Starts both systems, each on its own port of 127.0.0.1 with its state in its own database. Throws when a port is taken
 * or a database cannot be reached; nothing is left running then.
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const personClientId = options.personClientId ?? PERSON_CLIENT_ID
  const personClientSecret = options.personClientSecret ?? derivedSecret(options.clientSecret)
  const main: Client = {
    id: options.clientId,
    secret: options.clientSecret,
    certificates: options.certificate === undefined ? [] : [options.certificate],
  }
  const otherClients = options.otherClients ?? []
  const users = options.users ?? []
  const clients = [main, { id: personClientId, secret: personClientSecret }, ...otherClients]
  const directory = new Directory(clients, users)
  const tokens = createTokens(clients, options.tokenLifetime ?? TOKEN_LIFETIME)
  const fill = options.demo || options.customers !== undefined
  const content =
    options.customers === undefined
      ? ({ kind: 'demo' } as const)
      : ({ kind: 'generated', customers: options.customers } as const)
  const businessCentral = await startBusinessCentral({
    databaseUrl: options.businessCentralDatabaseUrl,
    port: options.businessCentralPort,
    tokens,
    directory,
    strictDelete: options.strictDelete ?? false,
    ...(fill ? { seed: (database, now) => seedBusinessCentral(database, content, now) } : {}),
  })
  try {
    const dataverse = await startDataverse({
      databaseUrl: options.dataverseDatabaseUrl,
      port: options.dataversePort,
      tokens,
      directory,
      users: [
        { clientId: options.clientId, firstName: 'Accord', lastName: 'Integration', application: true },
        { clientId: personClientId, firstName: 'Dana', lastName: 'Whitfield', application: false },
        ...otherClients.map(({ id }, index) => ({
          clientId: id,
          firstName: 'Accord',
          lastName: `Integration ${index + 2}`,
          application: true,
        })),
        ...users.map(({ username }) => ({
          clientId: null,
          username,
          firstName: username.replace(/@.*/, ''),
          lastName: 'Account',
          application: true,
        })),
      ],
      ...(fill ? { seed: (database, context) => seedDataverse(database, content, context) } : {}),
    })
    const systems = { businessCentral, dataverse }
    try {
      for (const { system, name, body } of options.switches ?? [])
        await setSwitch(systems[system].origin, name, body)
    } catch (error) {
      await dataverse.close()
      throw error
    }
    return {
      tokenUrl: `${dataverse.origin}/${TENANT_ID}/oauth2/v2.0/token`,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      personClientId,
      personClientSecret,
      businessCentral,
      dataverse,
      async close() {
        await Promise.all([businessCentral.close(), dataverse.close()])
      },
    }
  } catch (error) {
    await businessCentral.close()
    throw error
  }
}

/** Throws when the switch is unknown or does not take the value. */
async function setSwitch(origin: string, name: string, body: object): Promise<void> {
  const response = await fetch(`${origin}/sandbox/${name}`, { method: 'POST', body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`The switch '${name}' was refused: ${await response.text()}`)
}

function derivedSecret(secret: string): string {
  return createHmac('sha256', secret).update('person').digest('base64url')
}
