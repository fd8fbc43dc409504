import { TOUCHED, TRADES, createCompanyContacts, renameCompany } from './company-contacts.js'
import type { Row } from '../common/table.js'
import { quoted } from '../common/table.js'
import type { Changes } from './changes.js'
import { BusinessCentralError, dialogError } from './errors.js'
import type { LoadRules, RuleContext, StoredChanges } from './rules.js'
import { BLANK_OPTION, ZERO_GUID } from './table.js'

/** The contact of a company, as its persons see it. */
interface Company {
  readonly number: string
  readonly name: string
  readonly relation: string
  readonly parentId: string
  readonly parentType: string
}

interface Companies {
  readonly byNumber: Map<string, Company>
  readonly byParent: Map<string, Company>
}

const NOBODY: Company = {
  number: '',
  name: '',
  relation: 'None',
  parentId: ZERO_GUID,
  parentType: BLANK_OPTION,
}

/** A person belongs to a company by its number, or by the customer or vendor that the company is. */
export const loadContactRules: LoadRules = async (context) => {
  const companies = await loadCompanies(context)
  return {
    judge(next, before, changes) {
      if (next['type'] === 'Company') judgeCompany(companies, next, before, changes)
      else judgePerson(companies, next, before, changes)
    },
    follow: (stored) => follow(context, stored),
  }
}

async function loadCompanies({ connection, changes, stamp }: RuleContext): Promise<Companies> {
  const parents = sent(changes, 'parentId', ZERO_GUID)
  const numbers = sent(changes, 'companyNumber', '')
  if (parents.length + numbers.length === 0) return { byNumber: new Map(), byParent: new Map() }
  for (const { trade, table } of parents.length === 0 ? [] : TRADES) {
    // A company of which nobody has needed the contact so far has none: those that a sandbox was filled with.
    const bare = await connection.query<Row>(
      `select t.* from ${quoted(table)} t where t.id = any($1::uuid[])
         and not exists (select 1 from contacts c where c."parentId" = t.id and c.type = 'Company') order by t.id for update of t`,
      [parents],
    )
    await createCompanyContacts(connection, trade, bare.rows, stamp)
  }
  const found = await connection.query<Row>(
    `select number, type, "displayName", "contactBusinessRelation", "parentId", "parentType" from contacts
       where type = 'Company' and ("parentId" = any($1::uuid[]) or number = any($2::text[])) order by id for share`,
    [parents, numbers],
  )
  const list = found.rows.map(toCompany)
  return {
    byNumber: new Map(list.map((company) => [company.number, company])),
    byParent: new Map(list.map((company) => [company.parentId, company])),
  }
}

function sent(changes: readonly Changes[], member: string, blank: string): string[] {
  return changes.map((change) => change.get(member) ?? blank).filter((value) => value !== blank)
}

function toCompany(row: Row): Company {
  return {
    number: row['number'] ?? '',
    name: row['displayName'] ?? '',
    relation: row['contactBusinessRelation'] ?? '',
    parentId: row['parentId'] ?? ZERO_GUID,
    parentType: row['parentType'] ?? BLANK_OPTION,
  }
}

/** A company is its own company; what it is to us is decided by customers and vendors. */
function judgeCompany(companies: Companies, next: Row, before: Row | null, changes: Changes): void {
  const own = before?.['parentId'] ?? ZERO_GUID
  if ((changes.get('parentId') ?? own) !== own)
    throw dialogError('Only a contact of type Person can be given to a company.')
  next['companyNumber'] = next['number'] ?? ''
  next['companyName'] = next['displayName'] ?? ''
  // A later write of the same transaction may name it.
  companies.byNumber.set(next['number'] ?? '', toCompany(next))
}

function judgePerson(companies: Companies, next: Row, before: Row | null, changes: Changes): void {
  const parent = changes.get('parentId')
  const number = changes.get('companyNumber')
  const wasCompany = before?.['type'] === 'Company'
  if (parent === undefined && number === undefined && !wasCompany) return
  const byParent = parent === undefined ? undefined : companyOfParent(companies, parent)
  const byNumber = number === undefined ? undefined : companyOfNumber(companies, number)
  if (byParent !== undefined && byNumber !== undefined && byParent.number !== byNumber.number)
    throw dialogError('The company values do not match to a specific Contact.')
  const company = byParent ?? byNumber ?? NOBODY
  next['companyNumber'] = company.number
  if (company !== NOBODY || !changes.has('companyName')) next['companyName'] = company.name
  next['contactBusinessRelation'] = company.relation
  next['parentId'] = company.parentId
  next['parentType'] = company.parentType
}

function companyOfParent(companies: Companies, parent: string): Company {
  if (parent === ZERO_GUID) return NOBODY
  const company = companies.byParent.get(parent)
  if (company === undefined)
    throw dialogError('The contact cannot be synchronized because the company does not exist.')
  return company
}

function companyOfNumber(companies: Companies, number: string): Company {
  if (number === '') return NOBODY
  const company = companies.byNumber.get(number)
  if (company !== undefined) return company
  throw new BusinessCentralError(
    400,
    'Internal_InvalidTableRelation',
    `The field Company No. of table Contact contains a value (${number}) that cannot be found in the related table (Contact).`,
  )
}

async function follow({ connection, stamp }: RuleContext, stored: StoredChanges): Promise<void> {
  const renamed = stored.updated
    .filter(
      ({ before, after }) => after['type'] === 'Company' && before['displayName'] !== after['displayName'],
    )
    .map(({ after }) => after['number'] ?? '')
  await renameCompany(connection, renamed, stamp)
  if (stored.deleted.length === 0) return
  const companies = stored.deleted.filter((row) => row['type'] === 'Company')
  if (companies.length > 0) {
    await connection.query(
      `update contacts set "companyNumber" = '', "companyName" = '', "contactBusinessRelation" = 'None',
         "parentId" = '${ZERO_GUID}', "parentType" = '${BLANK_OPTION}', ${TOUCHED} where "companyNumber" = any($1::text[])`,
      [companies.map((row) => row['number'] ?? ''), stamp],
    )
  }
  for (const { table } of TRADES) {
    await connection.query(
      `update ${quoted(table)} set "primaryContactNumber" = '', "primaryContactId" = '${ZERO_GUID}', ${TOUCHED}
         where "primaryContactId" = any($1::uuid[])`,
      [stored.deleted.map((row) => row['id'] ?? ''), stamp],
    )
  }
}
