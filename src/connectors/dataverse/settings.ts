import { z } from 'zod'
import { address, serviceSettings } from '../service-settings.js'

/** Settings of a connection to Dataverse. Times are in milliseconds. */
export const dataverseSettings = z.strictObject({
  /** Ends in `/api/data/v9.2`. */
  url: address.refine((url) => /\/api\/data\/v9\.2\/?$/.test(url), { error: 'must end in /api/data/v9.2' }),
  ...serviceSettings,
  concurrency: z.int().min(1).max(50).default(4),
  /** Address of the app, for links to records: `https://<org>.crm4.dynamics.com`. */
  appUrl: address.optional(),
})

export type DataverseSettings = z.output<typeof dataverseSettings>
