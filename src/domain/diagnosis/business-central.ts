import { DiagnosisCode, type Diagnosis } from './code.js'

const S2S =
  'https://learn.microsoft.com/dynamics365/business-central/dev-itpro/administration/automation-apis-using-s2s-authentication'
const ENDPOINTS =
  'https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/api-endpoint-structure'

/** Business Central: the application in it, the environment, the company, the API. */
export const BUSINESS_CENTRAL = {
  [DiagnosisCode.applicationNotAccepted]: {
    severity: 'ERROR',
    seenAs: '401 `Authentication_InvalidCredentials` "The server has rejected the client credentials."',
    cause:
      'Business Central does not accept the application: its Microsoft Entra application card is missing or disabled, the permission API.ReadWrite.All lacks consent, or the token is for another tenant or address.',
    remedy:
      'In Business Central open Microsoft Entra Applications, add the client id with State = Enabled and permission sets, and grant consent; then check the scope and the tenant. On-premises, ValidAudiences must hold the address of the scope.',
    link: S2S,
  },
  [DiagnosisCode.loginRefused]: {
    severity: 'ERROR',
    seenAs: '401 with another code',
    cause:
      'Business Central refused the login itself: a permission is missing, or code that runs when a company is opened failed.',
    remedy: 'Look at the event log of Business Central at the time of the check.',
    link: null,
  },
  [DiagnosisCode.permissionSetMissing]: {
    severity: 'ERROR',
    seenAs: '403 "... (TableData 18 Customer Modify: Base Application)"',
    cause: 'The application lacks a permission in Business Central.',
    remedy:
      'Add a permission set with that right to the Microsoft Entra application card. SUPER cannot be given to it.',
    link: S2S,
  },
  [DiagnosisCode.environmentUnknown]: {
    severity: 'ERROR',
    seenAs: '404 `NoEnvironment`',
    cause: 'The name of the environment in the address is wrong, or the environment was renamed or deleted.',
    remedy: 'Check the address of the connection against the list of environments in the admin center.',
    link: ENDPOINTS,
  },
  [DiagnosisCode.companyUnknown]: {
    severity: 'ERROR',
    seenAs: '`Internal_CompanyNotFound`; the company of the connection is not among `companies`',
    cause: 'The company of the connection does not exist, or the application may not see it.',
    remedy:
      'Check the company id of the connection, and the companies on the Microsoft Entra application card.',
    link: null,
  },
  [DiagnosisCode.companyNotVisible]: {
    severity: 'ERROR',
    seenAs: '`companies` is an empty list',
    cause: 'The application has no access to any company of this environment.',
    remedy: 'Give the Microsoft Entra application card in Business Central a permission set for the company.',
    link: S2S,
  },
  [DiagnosisCode.companyNotChosen]: {
    severity: 'ERROR',
    seenAs: 'Several companies, and the connection names none',
    cause: 'The connection does not say which company it belongs to.',
    remedy: 'Enter the id of one of them as the company of the connection.',
    link: null,
  },
  [DiagnosisCode.apiServicesOff]: {
    severity: 'ERROR',
    seenAs: '405 to every request',
    cause: 'API services are switched off on the server.',
    remedy: 'Switch on API Services in the settings of the Business Central Server instance and restart it.',
    link: ENDPOINTS,
  },
  [DiagnosisCode.dataUpgradePending]: {
    severity: 'ERROR',
    seenAs: '400 "You must run the data upgrade for this API page"',
    cause: 'Business Central was updated, and the data of this API has not been upgraded yet.',
    remedy: 'Open API Setup (or API data upgrade companies) in Business Central and run the data upgrade.',
    link: null,
  },
  [DiagnosisCode.customApiMissing]: {
    severity: 'ERROR',
    seenAs: '`$metadata` of the custom API is not found',
    cause: 'The extension with this API is not installed in the environment, or its name is another.',
    remedy: 'Install the extension, or correct or remove customApi in the settings of the connection.',
    link: null,
  },
} as const satisfies Partial<Record<DiagnosisCode, Diagnosis>>
