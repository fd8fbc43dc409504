import { z } from 'zod'
import { address, limitsWith, serviceSettings, signIn } from '../service-settings.js'

/** Settings of a connection to Business Central. Times are in milliseconds. */
export const businessCentralSettings = z.strictObject({
  /** Ends in `/api/v2.0`. */
  url: address.refine((url) => /\/api\/v2\.0\/?$/.test(url), { error: 'must end in /api/v2.0' }),
  /**
   * `<publisher>/<group>/<version>` of a custom API. A table of which it has an entity set of the same name is read and written
   * there, with the fields that API v2.0 lacks.
   */
  customApi: z
    .string()
    .regex(/^[A-Za-z0-9]+\/[A-Za-z0-9]+\/(beta|v\d+\.\d+)$/, {
      error: 'must be <publisher>/<group>/<version>, for example accord/synchronization/v1.0',
    })
    .optional(),
  /** Null: the only company there is. */
  companyId: z
    .guid({ error: 'must be a GUID, such as 11111111-2222-3333-4444-555555555555' })
    .nullable()
    .default(null),
  ...serviceSettings,
  /** More registered applications. Each has limits of its own, so calls are shared out among them. */
  furtherSignIns: z.array(signIn).max(20).default([]),
  /** On-premises with several tenants: the tenant that every request names. */
  tenant: z.string().min(1).optional(),
  /** Calls at a time of each application. */
  concurrency: z.int().min(1).max(5).default(5),
  limits: limitsWith({ window: 300_000, requests: 6_000, execution: null, concurrency: 5 }),
  /** Where people work in the web client: `https://businesscentral.dynamics.com/<tenant>/<environment>?company=<name>`. */
  webClientUrl: address.optional(),
})

export type BusinessCentralSettings = z.output<typeof businessCentralSettings>
