import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { diagnose } from '../../domain/diagnosis/diagnose.js'
import type { Finding } from '../../domain/finding.js'
import type { CheckRequest } from '../connector.js'
import { checkSignIn } from '../http/check-sign-in.js'
import type { ExactJsonObject } from '../http/exact-json.js'
import { attempt, findingOfFailure } from '../http/find-failure.js'
import type { SignIn } from '../service-settings.js'
import type { ServiceClient } from '../http/service-client.js'
import { checkTable, type TableCheck } from './check-table.js'

export interface BusinessCentralCheck extends TableCheck {
  readonly client: ServiceClient
  readonly companyId: string | null
  /** An application's token has to have a role; user and password are refused in words of their own. */
  readonly signInKind: SignIn['kind']
  /** Rows of `companies` with id and name. Throws {@link ConnectorError}. */
  readonly listCompanies: () => Promise<readonly ExactJsonObject[]>
}

/** The audience of tokens for Business Central online. */
const ONLINE = 'https://api.businesscentral.dynamics.com'
const ROLE = 'API.ReadWrite.All'
const TENANT_IN_ADDRESS = /\/v2\.0\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\//i

/** What would keep these tables from being synchronized with Business Central; see {@link Connector.check}. */
export async function checkBusinessCentral(
  context: BusinessCentralCheck,
  request: CheckRequest,
): Promise<readonly Finding[]> {
  const { client, companyId, signInKind, listCompanies } = context
  const isApplication = signInKind === 'clientSecret' || signInKind === 'certificate'
  const expected = {
    audiences: [new URL(client.url).origin, ONLINE],
    tenant: TENANT_IN_ADDRESS.exec(client.url)?.[1]?.toLowerCase() ?? null,
    role: isApplication ? ROLE : null,
  }
  const { findings, answer } = await checkSignIn(client, expected, listCompanies)
  if (answer === null) return findings.map((finding) => ofCredentials(ofServicesOff(finding), signInKind))
  const company = checkCompany(answer, companyId, client.url)
  if (company.some((finding) => finding.severity === 'ERROR')) return [...findings, ...company]
  const found: Finding[] = []
  for (const table of request.tables) {
    request.signal?.throwIfAborted()
    const checked = await attempt(() => checkTable(context, table))
    const ofTable = 'failure' in checked ? [findingOfFailure(checked.failure)] : checked.result
    // The custom API, or an upgrade, concerns all tables alike: it is told once.
    found.push(
      ...ofTable.filter(({ code, what }) => !found.some((one) => one.code === code && one.what === what)),
    )
  }
  return [...findings, ...company, ...found]
}

/** A server answers 405 to everything while its API services are off; of a single entity set it would mean something else. */
function ofServicesOff(finding: Finding): Finding {
  if (finding.evidence?.startsWith('HTTP 405') !== true) return finding
  return diagnose(DiagnosisCode.apiServicesOff, {
    what: finding.what,
    evidence: finding.evidence,
    correlationIds: finding.correlationIds,
  })
}

/** A user with a password, or with a web service key, has no application card that could be looked at. */
function ofCredentials(finding: Finding, signInKind: SignIn['kind']): Finding {
  if (signInKind !== 'basic' || finding.code !== DiagnosisCode.applicationNotAccepted) return finding
  const { what, evidence, correlationIds } = finding
  return diagnose(DiagnosisCode.credentialsWrong, {
    what,
    remedy:
      'Enter valid integration user credentials: the name of the user and its web service access key. The server must take them (NavUserPassword).',
    evidence,
    correlationIds,
  })
}

function checkCompany(
  rows: readonly ExactJsonObject[],
  companyId: string | null,
  url: string,
): readonly Finding[] {
  const companies = rows.map(({ id, name }) => ({ id: String(id), name: String(name ?? id) }))
  const names = companies.map((company) => `${company.name} (${company.id})`).join(', ')
  if (companies.length === 0)
    return [diagnose(DiagnosisCode.companyNotVisible, { what: 'Business Central shows no company.' })]
  const chosen =
    companyId === null && companies.length === 1
      ? companies[0]
      : companies.find((company) => company.id.toLowerCase() === companyId?.toLowerCase())
  if (chosen !== undefined) {
    const what = `Accord works on ${new URL(url).host} in the company ${chosen.name}.`
    return [diagnose(DiagnosisCode.signedInAs, { what, evidence: `company ${chosen.id}` })]
  }
  if (companyId !== null) {
    return [
      diagnose(DiagnosisCode.companyUnknown, {
        what: `Business Central shows no company ${companyId}.`,
        evidence: `Companies: ${names}`,
      }),
    ]
  }
  return [
    diagnose(DiagnosisCode.companyNotChosen, {
      what: 'Business Central has several companies.',
      evidence: names,
    }),
  ]
}
