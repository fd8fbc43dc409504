import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Answer } from '../common/answer.js'
import type { Directory } from '../common/directory.js'
import { addSwitch } from '../common/switches.js'
import type { Caller } from '../common/tokens.js'
import { BusinessCentralError, errorAnswer } from './errors.js'
import type { BusinessCentralTable } from './table.js'

/** The permission to touch data of a table, as messages name it. */
export const Right = { read: 'Read', insert: 'Insert', modify: 'Modify', delete: 'Delete' } as const
export type Right = (typeof Right)[keyof typeof Right]

/** Numbers by which Business Central's own messages name the tables. */
const TABLE_NUMBERS: Readonly<Record<string, number>> = {
  paymentTerms: 3,
  currencies: 4,
  shipmentMethods: 10,
  salespeoplePurchasers: 13,
  customers: 18,
  vendors: 23,
  items: 27,
  companyInformation: 79,
  unitsOfMeasure: 204,
  currencyExchangeRates: 330,
  contacts: 5050,
  itemCategories: 5722,
}

const serviceSchema = z.strictObject({
  /** Users sign in with name and web service key, too. */
  onPremises: z.boolean().optional(),
  /** False: every call is answered 405. */
  apiServices: z.boolean().optional(),
  /** False: the environment is gone. */
  environment: z.boolean().optional(),
  /** True: the pages are refused until somebody upgrades their data. */
  dataUpgradePending: z.boolean().optional(),
  /** The only audience of tokens that is taken; null: any. */
  audience: z.string().nullable().optional(),
})
type Service = Required<z.infer<typeof serviceSchema>>

const permissionsSchema = z.strictObject({
  /** Whom it is about: a client id or a user name; Accord's client when it is left out. */
  principal: z.string().min(1).optional(),
  /** The Microsoft Entra application card of the client. */
  applicationCard: z.enum(['enabled', 'disabled', 'missing']).optional(),
  /** False: no permission set for any company. */
  companies: z.boolean().optional(),
  /** What the permission sets lack; each call replaces what was denied before. */
  denied: z
    .array(
      z.strictObject({
        /** Entity set: `customers`. */
        table: z.string().refine((name) => name in TABLE_NUMBERS, { message: 'is no table of the sandbox' }),
        rights: z.array(z.enum(Right)).min(1),
      }),
    )
    .optional(),
})
type Permissions = Required<Omit<z.infer<typeof permissionsSchema>, 'principal'>>

const OPEN: Service = {
  onPremises: false,
  apiServices: true,
  environment: true,
  dataUpgradePending: false,
  audience: null,
}
const EVERYTHING: Permissions = { applicationCard: 'enabled', companies: true, denied: [] }

/** The role that an application needs in its token. */
const NEEDED_ROLE = 'API.ReadWrite.All'

/** Whom Business Central lets in and what it lets them do; at first everybody everything. */
export class Access {
  private service: Service = OPEN
  private readonly permissions = new Map<string, Permissions>()

  constructor(private readonly directory: Directory) {}

  get onPremises(): boolean {
    return this.service.onPremises
  }

  /** The answer to every call while the service is shut. */
  closed(): Answer | null {
    if (!this.service.apiServices)
      return errorAnswer(405, 'BadRequest_MethodNotAllowed', 'API services are not enabled on this server.')
    if (!this.service.environment) return errorAnswer(404, 'NoEnvironment', 'Environment does not exist.')
    return null
  }

  /** Is somebody with a good token turned away at the door? */
  isRejected(caller: Caller): boolean {
    const { audience } = this.service
    if (audience !== null && caller.audience !== null && caller.audience !== audience) return true
    if (caller.username === null && !caller.roles.includes(NEEDED_ROLE)) return true
    return this.permissionsOf(caller).applicationCard !== 'enabled'
  }

  /** Nothing is denied to anybody: the common case, to be as fast as if nothing could be. */
  get quiet(): boolean {
    return this.permissions.size === 0 && !this.service.dataUpgradePending
  }

  /** Does this caller see any company? */
  seesCompanies(caller: Caller): boolean {
    return this.permissionsOf(caller).companies
  }

  /** Throws 403 for a right that is denied, 400 while an upgrade of the page's data is pending. */
  check(caller: Caller, table: BusinessCentralTable, right: Right): void {
    if (table.name === 'companies') return
    if (this.service.dataUpgradePending) {
      throw new BusinessCentralError(
        400,
        'Application_DialogException',
        'You must run the data upgrade for this API page.',
      )
    }
    const denied = this.permissionsOf(caller).denied.some(
      (entry) => entry.table === table.name && entry.rights.includes(right),
    )
    if (!denied) return
    throw new BusinessCentralError(
      403,
      'Internal_ServerError',
      `Sorry, the current permissions prevented the action. (TableData ${TABLE_NUMBERS[table.name]} ${table.caption} ${right}: Base Application)`,
    )
  }

  addSwitches(routes: FastifyInstance): void {
    addSwitch(routes, 'service', serviceSchema, {
      set: (change) => {
        this.service = { ...this.service, ...change }
        return null
      },
      clear: () => {
        this.service = OPEN
      },
      report: () => this.service,
    })
    addSwitch(routes, 'permissions', permissionsSchema, {
      set: ({ principal = this.directory.mainClientId, ...change }) => {
        const key = principal.toLowerCase()
        this.permissions.set(key, { ...(this.permissions.get(key) ?? EVERYTHING), ...change })
        return null
      },
      clear: () => this.permissions.clear(),
      report: () => ({ principals: Object.fromEntries(this.permissions) }),
    })
  }

  private permissionsOf(caller: Caller): Permissions {
    return this.permissions.get((caller.username ?? caller.clientId).toLowerCase()) ?? EVERYTHING
  }
}
