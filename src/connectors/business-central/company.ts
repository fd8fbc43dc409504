import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { explained } from '../../domain/diagnosis/diagnose.js'
import { ConnectorError } from '../connector.js'
import type { ExactJsonObject } from '../http/exact-json.js'

export interface CompanyLookup {
  /** `companies(<id>)`, relative to the service root. Throws {@link ConnectorError} where it cannot be told. */
  path(): Promise<string>
  /** Null while the company is not known. */
  knownId(): string | null
}

/** The company of a connection: the one that is set, else the only one there is, looked up once. */
export function createCompanyLookup(
  companyId: string | null,
  list: () => Promise<readonly ExactJsonObject[]>,
): CompanyLookup {
  let known = companyId
  let running: Promise<string> | null = null

  async function lookUp(): Promise<string> {
    const id = onlyCompany(await list())
    known = id
    return id
  }

  return {
    async path() {
      if (known !== null) return `companies(${known})`
      running ??= lookUp().finally(() => {
        running = null
      })
      return `companies(${await running})`
    },
    knownId: () => known,
  }
}

function onlyCompany(rows: readonly ExactJsonObject[]): string {
  const companies = rows.flatMap(({ id, name }) =>
    typeof id === 'string' ? [{ id, name: typeof name === 'string' ? name : id }] : [],
  )
  const [first, ...others] = companies
  if (first === undefined) {
    throw new ConnectorError({
      errorClass: 'SETUP',
      message: 'Business Central shows no company.',
      ...explained(DiagnosisCode.companyNotVisible),
    })
  }
  if (others.length > 0) {
    const names = companies.map((company) => `${company.name} (${company.id})`).join(', ')
    throw new ConnectorError({
      errorClass: 'SETUP',
      message: `Business Central has several companies: ${names}.`,
      ...explained(DiagnosisCode.companyNotChosen),
    })
  }
  return first.id
}
