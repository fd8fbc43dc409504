import type { Answer, ApiRequest } from '../../common/answer.js'
import { jsonAnswer } from '../../common/answer.js'
import type { Connection, Database } from '../../common/database.js'
import { parseSelect } from '../../common/odata/query.js'
import { QueryError } from '../../common/odata/errors.js'
import { doesNotExist } from '../errors.js'
import { recordsJson } from '../read.js'
import { SERVICE_ROOT } from '../route.js'
import type { DataverseTable } from '../tables.js'
import { ROLES_TABLE, SYSTEM_USERS, TEAMS } from '../tables.js'
import { roleNamed } from './roles.js'
import type { UserPermissions } from './permissions.js'

export interface IdentityContext {
  readonly database: Database | Connection
  readonly permissions: UserPermissions
  readonly businessUnitId: string
}

/** A way from users and teams to their roles and teams. */
interface Association {
  readonly from: DataverseTable
  readonly to: DataverseTable
  readonly ids: (context: IdentityContext, id: string) => Promise<readonly string[]>
}

export const ASSOCIATIONS: Readonly<Record<string, Association>> = {
  systemuserroles_association: { from: SYSTEM_USERS, to: ROLES_TABLE, ids: rolesOfUser },
  teammembership_association: { from: SYSTEM_USERS, to: TEAMS, ids: teamsOfUser },
  teamroles_association: { from: TEAMS, to: ROLES_TABLE, ids: rolesOfTeam },
}

/** `systemusers(...)/systemuserroles_association`: the records at the other end. Throws DataverseError or QueryError. */
export async function readAssociation(
  context: IdentityContext,
  request: ApiRequest,
  from: DataverseTable,
  id: string,
  name: string,
  options: ReadonlyMap<string, string>,
): Promise<Answer> {
  const found = await recordsJson(context.database, from, [from.key], undefined, [id])
  if (!found.has(id)) throw doesNotExist(from.entity, id)
  const association = associationOf(from, name)
  const value = await targets(context, association, id, {
    select: options.get('$select'),
    expand: options.get('$expand'),
  })
  const shown = `${request.origin}${SERVICE_ROOT}/$metadata#${association.to.name}`
  return jsonAnswer(
    200,
    JSON.stringify({ '@odata.context': shown, value }),
    { 'odata-version': '4.0' },
    value.length,
  )
}

/** Adds to an answer with users or teams what `$expand` asks for. Throws QueryError for what cannot be expanded. */
export async function expandAnswer(
  context: IdentityContext,
  table: DataverseTable,
  expand: string,
  answer: Answer,
): Promise<Answer> {
  if (answer.status !== 200) return answer
  const body = JSON.parse(answer.body) as Entity & { readonly value?: readonly Entity[] }
  if (body.value === undefined)
    return { ...answer, body: JSON.stringify(await expanded(context, table, expand, body)) }
  const value = []
  for (const entity of body.value) value.push(await expanded(context, table, expand, entity))
  return { ...answer, body: JSON.stringify({ ...body, value }) }
}

type Entity = Readonly<Record<string, unknown>>
interface Shape {
  readonly select?: string | undefined
  readonly expand?: string | undefined
}

async function expanded(
  context: IdentityContext,
  table: DataverseTable,
  expand: string,
  entity: Entity,
): Promise<Entity> {
  const result: Record<string, unknown> = { ...entity }
  for (const { name, ...shape } of readExpand(expand)) {
    result[name] = await targets(context, associationOf(table, name), String(entity[table.key]), shape)
  }
  return result
}

async function targets(
  context: IdentityContext,
  { to, ids }: Association,
  id: string,
  { select, expand }: Shape,
): Promise<Entity[]> {
  const json = await recordsJson(context.database, to, parseSelect(select), undefined, await ids(context, id))
  const entities = [...json.values()].map((record) => JSON.parse(record.json) as Entity)
  if (expand === undefined) return entities
  const result = []
  for (const entity of entities) result.push(await expanded(context, to, expand, entity))
  return result
}

function associationOf(table: DataverseTable, name: string): Association {
  const association = ASSOCIATIONS[name]
  if (association === undefined || association.from.name !== table.name)
    throw new QueryError('unsupported', `The sandbox does not expand '${name}' of '${table.name}'.`)
  return association
}

/** `a($select=x;$expand=b($select=y)),c`, split. Throws QueryError. */
function readExpand(text: string): (Shape & { readonly name: string })[] {
  return splitOutside(text, ',').map((part) => {
    const match = /^\s*(\w+)(?:\((.*)\))?\s*$/s.exec(part)
    if (match?.[1] === undefined) throw new QueryError('syntax', `Syntax error in $expand '${text}'.`)
    const inner = new Map(
      splitOutside(match[2] ?? '', ';').map((option): [string, string] => {
        const equals = option.indexOf('=')
        return [option.slice(0, equals).trim(), option.slice(equals + 1)]
      }),
    )
    return { name: match[1], select: inner.get('$select'), expand: inner.get('$expand') }
  })
}

function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at <= text.length; at += 1) {
    const letter = text[at] ?? separator
    if (letter === '(') depth += 1
    else if (letter === ')') depth -= 1
    else if (letter === separator && (depth === 0 || at === text.length)) {
      if (text.slice(start, at).trim() !== '') parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return parts
}

async function rolesOfUser(context: IdentityContext, id: string): Promise<string[]> {
  const { permissions } = context
  const names = permissions.of(await principalOfUser(context, id)).roles
  return names.flatMap((name) => roleNamed(name)?.id ?? [])
}

/** The name under which switches know a system user. */
export async function principalOfUser({ database }: IdentityContext, id: string): Promise<string> {
  const { rows } = await database.query<{ principal: string | null }>(
    'select coalesce(applicationid::text, lower(domainname)) as principal from systemusers where systemuserid = $1',
    [id],
  )
  return rows[0]?.principal ?? ''
}

async function teamsOfUser({ database }: IdentityContext): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    'select teamid::text as id from teams where isdefault',
  )
  return rows.map((row) => row.id)
}

/** The default team holds what switches gave any of its members through it. */
async function rolesOfTeam(context: IdentityContext, id: string): Promise<string[]> {
  const [defaultTeam] = await teamsOfUser(context)
  if (id !== defaultTeam) return []
  return context.permissions.teamRoles().flatMap((name) => roleNamed(name)?.id ?? [])
}

/** `RetrieveUserPrivileges` of a system user. */
export async function userPrivileges(
  context: IdentityContext,
  request: ApiRequest,
  id: string,
): Promise<Answer> {
  const principal = await principalOfUser(context, id)
  if (principal === '') throw doesNotExist('systemuser', id)
  const RolePrivileges = context.permissions.privilegesOf(principal).map((privilege) => ({
    Depth: 'Global',
    PrivilegeId: privilege.id,
    BusinessUnitId: context.businessUnitId,
    PrivilegeName: privilege.name,
    RecordFilterId: '00000000-0000-0000-0000-000000000000',
    RecordFilterUniqueName: '',
  }))
  const shown = `${request.origin}${SERVICE_ROOT}/$metadata#Microsoft.Dynamics.CRM.RetrieveUserPrivilegesResponse`
  return jsonAnswer(
    200,
    JSON.stringify({ '@odata.context': shown, RolePrivileges }),
    { 'odata-version': '4.0' },
    1,
  )
}
