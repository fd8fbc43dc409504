import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { diagnose } from '../../domain/diagnosis/diagnose.js'
import type { Finding } from '../../domain/finding.js'
import type { ExactJson, ExactJsonObject } from '../http/exact-json.js'
import { isJsonObject } from '../http/exact-json.js'
import { attempt, notExamined } from '../http/find-failure.js'
import { queryOption } from '../http/odata.js'
import type { DataverseCheck } from './check.js'
import { textOf } from './definitions.js'

/** Roles are told by the template they were made from, as copies in other business units have ids of their own. */
const SYSTEM_ADMINISTRATOR = '627090ff-40a3-4053-8790-584edc5be201'
const SYSTEM_CUSTOMIZER = '119f245c-3cc8-4b62-b31c-d1a046ced15d'

const AccessMode = { readWrite: '0', nonInteractive: '4' } as const
const ACCESS_MODES: readonly string[] = [
  'Read-Write',
  'Administrative',
  'Read',
  'Support User',
  'Non-Interactive',
  'Delegated Admin',
]

interface Role {
  readonly name: string
  readonly template: string
  /** The team through which the user has it; null: itself. */
  readonly team: string | null
}

/** Whether the user that the connection works as is fit for it: the list by which Business Central's own connector goes. */
export async function checkIdentity(context: DataverseCheck, userId: string): Promise<readonly Finding[]> {
  const server = new URL(context.url).host
  const read = await attempt(() => context.readObject(userPath(userId)))
  if ('failure' in read) return [notExamined('The integration user itself was not looked at.', read.failure)]
  const user = read.result
  const name = textOf(user['fullname']) || userId
  const roles = await attempt(() => rolesOf(context, userId, user))
  const others = await attempt(() => usersOfApplication(context, user))
  return [
    ...judgeUser(user, name, server),
    ...('failure' in roles
      ? [notExamined('The security roles of the integration user were not looked at.', roles.failure)]
      : judgeRoles(roles.result, name, server)),
    ...('failure' in others
      ? [notExamined('Other users of the same application were not looked for.', others.failure)]
      : judgeOthers(others.result, textOf(user['applicationid']), server)),
    ...('failure' in roles ? [] : [signedInAs(name, userId, server, roles.result)]),
  ]
}

function userPath(userId: string): string {
  const columns = 'fullname,internalemailaddress,isdisabled,accessmode,applicationid,islicensed'
  return `systemusers(${userId})?${queryOption('$select', columns)}&${queryOption('$expand', 'systemuserroles_association($select=name,_roletemplateid_value)')}`
}

async function rolesOf(
  { readRows }: DataverseCheck,
  userId: string,
  user: ExactJsonObject,
): Promise<readonly Role[]> {
  const own = roleRows(user['systemuserroles_association'], null)
  const teams = await readRows(
    `systemusers(${userId})/teammembership_association?${queryOption('$select', 'teamid,name')}`,
  )
  const ofTeams: Role[] = []
  for (const team of teams) {
    const rows = await readRows(
      `teams(${textOf(team['teamid'])})/teamroles_association?${queryOption('$select', 'name,_roletemplateid_value')}`,
    )
    ofTeams.push(...roleRows(rows, textOf(team['name'])))
  }
  return [...own, ...ofTeams]
}

function roleRows(rows: ExactJson | undefined, team: string | null): readonly Role[] {
  if (!Array.isArray(rows)) return []
  return rows.filter(isJsonObject).map((row: ExactJsonObject) => ({
    name: textOf(row['name']),
    template: textOf(row['_roletemplateid_value']).toLowerCase(),
    team,
  }))
}

async function usersOfApplication(
  { readRows }: DataverseCheck,
  user: ExactJsonObject,
): Promise<readonly string[]> {
  const applicationId = textOf(user['applicationid'])
  if (applicationId === '') return []
  const rows = await readRows(
    `systemusers?${queryOption('$select', 'fullname')}&${queryOption('$filter', `applicationid eq ${applicationId}`)}`,
  )
  return rows.map((row) => textOf(row['fullname']) || textOf(row['systemuserid']))
}

function judgeUser(user: ExactJsonObject, name: string, server: string): readonly Finding[] {
  const findings: Finding[] = []
  const mode = textOf(user['accessmode'])
  if (user['isdisabled'] === true) {
    findings.push(
      diagnose(DiagnosisCode.systemUserDisabled, {
        what: `User ${name} is disabled on server ${server}.`,
        evidence: 'isdisabled true',
      }),
    )
  }
  if (mode !== '' && mode !== AccessMode.readWrite && mode !== AccessMode.nonInteractive) {
    findings.push(
      diagnose(DiagnosisCode.accessModeInvalid, {
        what: `User ${name} has invalid access mode ${ACCESS_MODES[Number(mode)] ?? mode} on server ${server}. Valid access modes are Read-Write or Non-Interactive.`,
        evidence: `accessmode ${mode}`,
      }),
    )
  }
  const isApplication = textOf(user['applicationid']) !== ''
  if (user['islicensed'] === false && mode === AccessMode.readWrite && !isApplication) {
    findings.push(
      diagnose(DiagnosisCode.userNotLicensed, {
        what: `User ${name} with access mode Read-Write is not licensed on server ${server}.`,
        evidence: 'islicensed false, accessmode 0',
      }),
    )
  }
  return findings
}

function judgeRoles(roles: readonly Role[], name: string, server: string): readonly Finding[] {
  if (roles.length === 0) {
    const what = `User ${name} has no user roles assigned on server ${server}.`
    return [
      diagnose(DiagnosisCode.noSecurityRole, { what, evidence: 'systemuserroles_association is empty' }),
    ]
  }
  return [
    [SYSTEM_ADMINISTRATOR, DiagnosisCode.administratorAsIntegrationUser] as const,
    [SYSTEM_CUSTOMIZER, DiagnosisCode.customizerAsIntegrationUser] as const,
  ].flatMap(([template, code]) => {
    const held = roles.find((role) => role.template === template)
    if (held === undefined) return []
    const through = held.team === null ? '' : ` through the team ${held.team}`
    return [
      diagnose(code, {
        what: `User ${name} has the ${held.name} role on server ${server}${through}. You must choose a user that does not have the ${held.name} role.`,
        evidence: `role template ${template}`,
      }),
    ]
  })
}

function judgeOthers(users: readonly string[], applicationId: string, server: string): readonly Finding[] {
  if (users.length < 2) return []
  return [
    diagnose(DiagnosisCode.severalApplicationUsers, {
      what: `There are two or more users with application id ${applicationId} on ${server}.`,
      evidence: users.join(', '),
    }),
  ]
}

function signedInAs(name: string, userId: string, server: string, roles: readonly Role[]): Finding {
  const held = [...new Set(roles.map((role) => role.name))].join(', ')
  return diagnose(DiagnosisCode.signedInAs, {
    what: `Accord works on ${server} as ${name}${held === '' ? '' : ` with the roles ${held}`}.`,
    evidence: `UserId ${userId}`,
  })
}
