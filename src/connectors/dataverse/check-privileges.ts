import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { diagnose } from '../../domain/diagnosis/diagnose.js'
import type { Finding } from '../../domain/finding.js'
import type { CheckedTable } from '../connector.js'
import type { ExactJsonObject } from '../http/exact-json.js'
import { isJsonObject } from '../http/exact-json.js'
import { attempt, notExamined } from '../http/find-failure.js'
import { queryOption } from '../http/odata.js'
import type { DataverseCheck } from './check.js'
import { textOf } from './definitions.js'

type Verb = 'Create' | 'Read' | 'Write' | 'Delete' | 'Append' | 'AppendTo' | 'Assign'

/** Depth by name of privilege in small letters. */
export type Granted = ReadonlyMap<string, string>

interface Needed {
  readonly entitySet: string
  readonly verb: Verb
  /** What it is needed for: completes "Accord needs it to ...". */
  readonly purpose: string
}

/** The privileges of a user, those of its teams among them. Throws {@link ConnectorError}. */
export async function readPrivileges(context: DataverseCheck, userId: string): Promise<Granted> {
  const answer = await context.readObject(
    `systemusers(${userId})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`,
  )
  const rows = answer['RolePrivileges']
  const list = Array.isArray(rows) ? rows.filter(isJsonObject) : []
  return new Map(
    list.map((row: ExactJsonObject) => [textOf(row['PrivilegeName']).toLowerCase(), textOf(row['Depth'])]),
  )
}

/** Compares what the user may do with what the mappings do. `denied`: what reading has shown already. */
export async function checkPrivileges(
  context: DataverseCheck,
  granted: Granted,
  tables: readonly CheckedTable[],
  denied: readonly Finding[],
): Promise<readonly Finding[]> {
  const needed = tables.flatMap(neededFor)
  const sets = [...new Set(needed.map(({ entitySet }) => entitySet))]
  const read = await attempt(() => readEntityPrivileges(context, sets))
  if ('failure' in read) return [notExamined('The names of the privileges could not be read.', read.failure)]
  const told = new Set<string>()
  return needed.flatMap(({ entitySet, verb, purpose }): readonly Finding[] => {
    const entity = read.result.get(entitySet)
    const name = entity?.privileges.get(verb)
    if (entity === undefined || name === undefined || told.has(name)) return []
    if (denied.some((finding) => finding.what.includes(name))) return []
    told.add(name)
    const depth = granted.get(name.toLowerCase())
    if (depth === 'Global' || depth === '') return []
    const needs = `Accord needs it to ${purpose}.`
    if (depth !== undefined) {
      return [
        diagnose(DiagnosisCode.privilegeTooNarrow, {
          what: `The user has the privilege ${name} on the table ${entity.caption} with the depth ${depth} only. ${needs}`,
          evidence: `RetrieveUserPrivileges: ${name} ${depth}`,
        }),
      ]
    }
    return [
      diagnose(DiagnosisCode.privilegeMissing, {
        what: `The user is missing the privilege ${name} on the table ${entity.caption}. ${needs}`,
        cause: `No security role of the user has the privilege ${name}.`,
        remedy: `Add ${verb} on the table ${entity.caption} with organisation depth to the security role of the application user.`,
        evidence: `RetrieveUserPrivileges: no ${name}`,
      }),
    ]
  })
}

/** What synchronizing a table takes: its own privileges, and AppendTo of the tables that its lookups lead to. */
function neededFor({ table, written, creates, deletes }: CheckedTable): readonly Needed[] {
  const needs = (verb: Verb, purpose: string, entitySet = table.name): Needed => ({
    entitySet,
    verb,
    purpose,
  })
  const needed = [needs('Read', `read ${table.name}`)]
  if (written.length > 0) needed.push(needs('Write', `change ${table.name}`))
  if (creates) needed.push(needs('Create', `create ${table.name}`))
  if (deletes) needed.push(needs('Delete', `delete ${table.name}`))
  for (const name of written) {
    const bind = table.fields.find((field) => field.name === name)?.bind
    if (bind === undefined) continue
    if (bind.navigation === 'ownerid') needed.push(needs('Assign', `set the owner of ${table.name}`))
    needed.push(
      needs('Append', `set ${bind.navigation} of ${table.name}`),
      needs('AppendTo', `set ${bind.navigation} of ${table.name}`, bind.entitySet),
    )
  }
  return needed
}

interface EntityPrivileges {
  readonly caption: string
  readonly privileges: ReadonlyMap<string, string>
}

/** Names of privileges by entity set and verb, as the organisation's metadata tells them: they follow no rule. */
async function readEntityPrivileges(
  { readRows }: DataverseCheck,
  sets: readonly string[],
): Promise<ReadonlyMap<string, EntityPrivileges>> {
  if (sets.length === 0) return new Map()
  const filter = sets.map((set) => `EntitySetName eq '${set}'`).join(' or ')
  const query = [
    queryOption('$select', 'LogicalName,EntitySetName,SchemaName,Privileges'),
    queryOption('$filter', filter),
  ].join('&')
  const rows = await readRows(`EntityDefinitions?${query}`)
  return new Map(
    rows.map((row) => {
      const list = row['Privileges']
      const privileges = Array.isArray(list) ? list.filter(isJsonObject) : []
      const named = privileges.map(
        (privilege: ExactJsonObject) =>
          [textOf(privilege['PrivilegeType']), textOf(privilege['Name'])] as const,
      )
      return [
        textOf(row['EntitySetName']),
        { caption: textOf(row['SchemaName']) || textOf(row['LogicalName']), privileges: new Map(named) },
      ]
    }),
  )
}
