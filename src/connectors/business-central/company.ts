import { ConnectorError } from '../connector.js'
import { readGuid } from '../http/canonical.js'
import type { ExactJsonObject } from '../http/exact-json.js'

export interface CompanyLookup {
  /** `companies(<id>)`, relative to the service root. Throws {@link ConnectorError} where it cannot be told. */
  path(): Promise<string>
  /** `companies(<id>)/`; empty while the company is not known. */
  knownPath(): string
  /** The company's name, where it had to be looked up. */
  knownName(): string | null
}

interface Company {
  readonly id: string
  readonly name: string | null
}

/** The company of a connection: the one that is set, else the only one there is, looked up once. */
export function createCompanyLookup(
  companyId: string | null,
  list: () => Promise<readonly ExactJsonObject[]>,
): CompanyLookup {
  let known: Company | null = companyId === null ? null : { id: companyId, name: null }
  let running: Promise<Company> | null = null

  async function lookUp(): Promise<Company> {
    known = onlyCompany(await list())
    return known
  }

  return {
    async path() {
      if (known !== null) return `companies(${known.id})`
      running ??= lookUp().finally(() => {
        running = null
      })
      return `companies(${(await running).id})`
    },
    knownPath: () => (known === null ? '' : `companies(${known.id})/`),
    knownName: () => known?.name ?? null,
  }
}

function onlyCompany(rows: readonly ExactJsonObject[]): Company {
  const companies = rows.flatMap((row) => {
    const id = readGuid(row['id'] ?? null, 'id')
    return id === null ? [] : [{ id, name: typeof row['name'] === 'string' ? row['name'] : id }]
  })
  const [first, ...others] = companies
  if (first === undefined) {
    throw new ConnectorError({
      errorClass: 'SETUP',
      message: 'Business Central shows no company.',
      cause: 'The application has no access to any company of this environment.',
      remedy:
        'Give the Microsoft Entra application card in Business Central a permission set for the company.',
    })
  }
  if (others.length > 0) {
    const names = companies.map((company) => `${company.name} (${company.id})`).join(', ')
    throw new ConnectorError({
      errorClass: 'SETUP',
      message: `Business Central has several companies: ${names}.`,
      cause: 'The connection does not say which company it belongs to.',
      remedy: 'Enter the id of one of them as the company of the connection.',
    })
  }
  return first
}
