import { join } from 'node:path'
import { z } from 'zod'
import { packageRoot } from '../src/embedded/package-root.js'
import { Child } from './child.js'
import type { Cleanup } from './cleanup.js'
import type { Servers } from './servers.js'

const factsSchema = z.object({
  tokenUrl: z.string(),
  clientId: z.string(),
  personClientId: z.string(),
  personClientSecret: z.string(),
  businessCentral: z.object({ url: z.string(), origin: z.string(), companyId: z.string() }),
  dataverse: z.object({ url: z.string(), origin: z.string() }),
})
export type SandboxFacts = z.output<typeof factsSchema>

const countSchema = z.object({ calls: z.number(), rows: z.number() })
const metricsSchema = z.object({
  calls: z.record(z.string(), countSchema),
  items: z.record(z.string(), countSchema),
})

/** Calls and rows by method and path; operations inside batches are counted apart. */
export type Traffic = z.output<typeof metricsSchema>

export const SANDBOX_SECRET = 'sandbox-of-the-benchmark'

/** Both sandboxes in a process of their own, with generated customers. */
export interface Sandboxes {
  readonly facts: SandboxFacts
  readonly process: Child
  readonly businessCentralDatabase: string
  readonly dataverseDatabase: string
  resetTraffic(): Promise<void>
  traffic(): Promise<{ readonly businessCentral: Traffic; readonly dataverse: Traffic }>
  stop(): Promise<void>
}

export async function startSandboxes(
  servers: Servers,
  cleanup: Cleanup,
  name: string,
  customers: number,
): Promise<Sandboxes> {
  const businessCentralDatabase = await servers.createDatabase(`${name}_business_central`)
  const dataverseDatabase = await servers.createDatabase(`${name}_dataverse`)
  const child = await Child.start({
    title: 'The sandboxes',
    script: join(packageRoot(), 'dist', 'sandbox', 'main.js'),
    arguments: ['--customers', String(customers)],
    environment: {
      SANDBOX_BUSINESS_CENTRAL_DATABASE_URL: businessCentralDatabase,
      SANDBOX_DATAVERSE_DATABASE_URL: dataverseDatabase,
      SANDBOX_CLIENT_SECRET: SANDBOX_SECRET,
    },
    logFile: join(servers.home, `${name}-sandbox.log`),
  })
  cleanup.add(() => child.stop())
  const facts = factsSchema.parse(child.ready)
  const metrics = (origin: string): string => `${origin}/sandbox/metrics`
  const trafficOf = async (origin: string): Promise<Traffic> =>
    metricsSchema.parse(await (await fetch(metrics(origin))).json())
  return {
    facts,
    process: child,
    businessCentralDatabase,
    dataverseDatabase,
    async resetTraffic() {
      for (const { origin } of [facts.businessCentral, facts.dataverse])
        await fetch(metrics(origin), { method: 'DELETE' })
    },
    async traffic() {
      return {
        businessCentral: await trafficOf(facts.businessCentral.origin),
        dataverse: await trafficOf(facts.dataverse.origin),
      }
    },
    async stop() {
      await child.stop()
      await servers.dropDatabase(`${name}_business_central`)
      await servers.dropDatabase(`${name}_dataverse`)
    },
  }
}
