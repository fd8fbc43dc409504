import type { EntityManager } from '@mikro-orm/postgresql'
import { createConnection, createDefaultMappings, newConnectionId } from './connections.js'
import { Connection, type SystemSettings } from './entities/connection.js'

/** The name of the connection that the first start makes between the two sandboxes. */
export const DEMO_CONNECTION = 'demo'

/** Where the sandboxes are. `clientSecret` is a reference (`file:PATH`, `env:NAME`). */
export interface DemoSystems {
  readonly businessCentralUrl: string
  readonly companyId: string
  readonly dataverseUrl: string
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
}

/**
 * Makes the demo's connection with the default mappings where there is no connection yet; keeps the addresses of the demo's
 * sandboxes up to date otherwise. Other connections are left alone. Whether it was made now.
 */
export async function ensureDemo(em: EntityManager, systems: DemoSystems): Promise<boolean> {
  return em.transactional(async (transaction) => {
    const existing = await transaction.find(Connection, {})
    const demo = existing.find((connection) => connection.name === DEMO_CONNECTION)
    if (demo !== undefined) {
      demo.localSystem = upToDate(demo.localSystem, localSystem(systems), systems)
      demo.integrationSystem = upToDate(demo.integrationSystem, integrationSystem(systems), systems)
      return false
    }
    if (existing.length > 0) return false
    const { id } = await createConnection(transaction, {
      id: newConnectionId(),
      name: DEMO_CONNECTION,
      localSystem: localSystem(systems),
      integrationSystem: integrationSystem(systems),
      by: 'Accord',
      enabled: true,
    })
    await createDefaultMappings(
      transaction,
      id,
      { author: 'Accord', note: 'Default mapping. The demo also creates what is not coupled yet.' },
      (definition) => ({ ...definition, onlyCoupled: false }),
    )
    return true
  })
}

/** A system that a person has put in the place of a sandbox is left alone, and so are settings that people added. */
function upToDate(
  present: SystemSettings,
  sandbox: SystemSettings,
  { clientId }: DemoSystems,
): SystemSettings {
  const signInBefore = present.settings['signIn']
  const isSandbox =
    typeof signInBefore === 'object' &&
    signInBefore !== null &&
    'clientId' in signInBefore &&
    signInBefore.clientId === clientId
  return isSandbox ? { kind: present.kind, settings: { ...present.settings, ...sandbox.settings } } : present
}

/** A request to a sandbox ends within seconds, so a lost one need not be waited for as long as with the real service. */
const TIMES = { requestTimeout: 30_000, maximumFlight: 5_000 }

function signIn(systems: DemoSystems, scope: string) {
  const { tokenUrl, clientId, clientSecret } = systems
  return { kind: 'clientSecret', tokenUrl, clientId, clientSecret, scope }
}

function localSystem(systems: DemoSystems): SystemSettings {
  return {
    kind: 'BUSINESS_CENTRAL',
    settings: {
      url: systems.businessCentralUrl,
      companyId: systems.companyId,
      customApi: 'accord/synchronization/v1.0',
      webClientUrl: `${new URL(systems.businessCentralUrl).origin}/?company=Northwind`,
      signIn: signIn(systems, 'https://api.businesscentral.dynamics.com/.default'),
      ...TIMES,
    },
  }
}

function integrationSystem(systems: DemoSystems): SystemSettings {
  return {
    kind: 'DATAVERSE',
    settings: {
      url: systems.dataverseUrl,
      appUrl: new URL(systems.dataverseUrl).origin,
      signIn: signIn(systems, `${new URL(systems.dataverseUrl).origin}/.default`),
      ...TIMES,
    },
  }
}
