import { z } from 'zod'
import { address, limitsWith, serviceSettings } from '../service-settings.js'

/** Settings of a connection to Dataverse. Times are in milliseconds. */
export const dataverseSettings = z.strictObject({
  /** Ends in `/api/data/v9.2`. */
  url: address.refine((url) => /\/api\/data\/v9\.2\/?$/.test(url), { error: 'must end in /api/data/v9.2' }),
  ...serviceSettings,
  /** Dataverse carries out 52 at a time; two are left to others who use the same application. */
  concurrency: z.int().min(1).max(50).default(50),
  limits: limitsWith({ window: 300_000, requests: 6_000, execution: 1_200_000, concurrency: 52 }),
  /**
   * Creations by `CreateMultiple` on tables that support it: plug-ins made for it run once a call. Its records are read afterwards, so it pays
   * where such plug-ins are many.
   */
  bulkMessages: z.boolean().default(false),
  /** Address of the app, for links to records: `https://<org>.crm4.dynamics.com`. */
  appUrl: address.optional(),
})

export type DataverseSettings = z.output<typeof dataverseSettings>
