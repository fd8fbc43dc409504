import { z } from 'zod'
import { address, serviceSettings } from '../service-settings.js'

const name = z.string().min(1)

/** What the metadata of a service does not say of an entity set. */
const setSettings = z.strictObject({
  /** A property that moves with every change of a record: changes are found by it. */
  modifiedField: name.optional(),
  /** The service keeps delta links of the set (`Prefer: odata.track-changes`): changes and deletions are found by them. */
  deltaLinks: z.boolean().default(false),
  /** The service assigns the key: the property that Accord fills in a creation, to find it again, and the series it is taken from. */
  assignedKey: z
    .strictObject({
      field: name,
      prefix: z.string().max(20).default('S'),
      digits: z.int().min(1).max(18).default(6),
    })
    .optional(),
  /** The property shown to people as the record's name. */
  nameField: name.optional(),
})

/** How several operations go in one call. */
export const BatchForm = { json: 'json', multipart: 'multipart', none: 'none' } as const
export type BatchForm = (typeof BatchForm)[keyof typeof BatchForm]

/** Settings of a connection to an OData v4 service. Times are in milliseconds. */
export const odataSettings = z.strictObject({
  /** The service root: `$metadata` and `$batch` are below it. */
  url: address,
  /** What stands between the service root and the entity sets: `companies(<id>)`. */
  path: z
    .string()
    .regex(/^[^/?#][^?#]*[^/?#]$/, { error: 'must be a path without a slash at either end' })
    .optional(),
  ...serviceSettings,
  concurrency: z.int().min(1).max(50).default(4),
  /** Rows asked for in a page. */
  pageSize: z.int().min(1).max(20_000).default(1_000),
  /**
   * `server`: pages are what the service's next links lead to. `client`: pages are asked for with `$top`. Left out: by the service's
   * links, until an answer without one was larger than a page.
   */
  paging: z.enum(['server', 'client']).optional(),
  /** Left out: what the service takes is found out by the first batch. */
  batch: z.enum(BatchForm).optional(),
  /** By entity set. */
  sets: z.record(z.string(), setSettings).default({}),
})

export type ODataSettings = z.output<typeof odataSettings>
export type SetSettings = z.output<typeof setSettings>
