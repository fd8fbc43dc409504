import type { Trade } from './company-contacts.js'
import {
  concernsContact,
  createCompanyContacts,
  followCompanies,
  releaseContacts,
} from './company-contacts.js'
import type { Row } from '../common/table.js'
import type { Changes } from './changes.js'
import { dialogError } from './errors.js'
import type { LoadRules, RuleContext } from './rules.js'
import { ZERO_GUID } from './table.js'

/** Customers and vendors have a contact of their own, and one of the company's contacts may be the primary one. */
export const loadCustomerRules: LoadRules = (context) => loadTradeRules('Customer', context)
export const loadVendorRules: LoadRules = (context) => loadTradeRules('Vendor', context)

async function loadTradeRules(trade: Trade, context: RuleContext): ReturnType<LoadRules> {
  const { connection, stamp } = context
  const contacts = await loadContacts(context)
  return {
    judge: (next, before, changes) => judgePrimaryContact(trade, contacts, next, before, changes),
    async follow({ inserted, updated, deleted }) {
      await createCompanyContacts(connection, trade, inserted, stamp)
      const changed = updated.filter(({ before, after }) => concernsContact(trade, before, after))
      await followCompanies(connection, trade, idsOf(changed.map(({ after }) => after)), stamp)
      await releaseContacts(connection, idsOf(deleted), stamp)
    },
  }
}

function idsOf(rows: readonly Row[]): string[] {
  return rows.map((row) => row['id'] ?? '')
}

async function loadContacts({ connection, changes }: RuleContext): Promise<Map<string, Row>> {
  const ids = changes.map((change) => change.get('primaryContactId')).filter((id) => id !== undefined)
  const numbers = changes
    .map((change) => change.get('primaryContactNumber'))
    .filter((number) => number !== undefined)
  if (ids.length + numbers.length === 0) return new Map()
  const found = await connection.query<Row>(
    `select id, number, type, "displayName", "parentId" from contacts where id = any($1::uuid[]) or number = any($2::text[])`,
    [ids, numbers],
  )
  return new Map(found.rows.map((row) => [row['id'] ?? '', row]))
}

/** The primary contact must belong to the company; its name becomes the contact's name unless that was sent as well. */
function judgePrimaryContact(
  trade: Trade,
  contacts: ReadonlyMap<string, Row>,
  next: Row,
  before: Row | null,
  changes: Changes,
): void {
  const id = next['primaryContactId'] ?? ZERO_GUID
  if (id === (before?.['primaryContactId'] ?? ZERO_GUID)) return
  const named = changes.has('contactName')
  if (id === ZERO_GUID) {
    if (!named) next['contactName'] = ''
    return
  }
  const contact = contacts.get(id)
  if (contact === undefined || contact['parentId'] !== next['id']) {
    throw dialogError(
      `Contact ${contact?.['number'] ?? ''} ${contact?.['displayName'] ?? ''} is not related to ${trade.toLowerCase()} ${next['number'] ?? ''} ${next['displayName'] ?? ''}.`,
    )
  }
  if (!named && contact['type'] === 'Person') next['contactName'] = contact['displayName'] ?? ''
}
