import type { Row } from '../../common/table.js'
import type { Plan } from '../../common/executor.js'
import { stableId } from '../stable-id.js'
import type { Operation } from '../plan.js'
import type { DataverseTable } from '../tables.js'
import { DATAVERSE_TABLES } from '../tables.js'
import type { Write } from '../write.js'

export const Verb = {
  create: 'Create',
  read: 'Read',
  write: 'Write',
  delete: 'Delete',
  append: 'Append',
  appendTo: 'AppendTo',
  assign: 'Assign',
} as const
export type Verb = (typeof Verb)[keyof typeof Verb]

export const ACT_ON_BEHALF = 'prvActOnBehalfOfAnotherUser'

/** Something that a role allows. */
export interface Privilege {
  readonly name: string
  readonly id: string
  /** Null for a privilege about no table. */
  readonly table: DataverseTable | null
}

/** `prvReadAccount` */
export function privilegeName(verb: Verb, table: DataverseTable): string {
  return `prv${verb}${table.schemaName}`
}

export const PRIVILEGES: readonly Privilege[] = [
  ...DATAVERSE_TABLES.filter((table) => table.objectTypeCode > 0).flatMap((table) =>
    Object.values(Verb).map((verb) => privilege(privilegeName(verb, table), table)),
  ),
  privilege(ACT_ON_BEHALF, null),
]

function privilege(name: string, table: DataverseTable | null): Privilege {
  return { name, id: stableId(`privilege ${name}`), table }
}

/** What a planned request needs: verb and table, in the order in which Dataverse asks for them. */
export function neededFor(
  plan: Plan<Operation>,
  read: DataverseTable | null,
): readonly (readonly [Verb, DataverseTable])[] {
  if (plan.kind !== 'write') return read === null ? [] : [[Verb.read, read]]
  const writes = plan.write.kind === 'bulk' ? plan.write.writes : [plan.write.write]
  return writes.flatMap(neededForWrite)
}

function neededForWrite(write: Write): (readonly [Verb, DataverseTable])[] {
  const { table, kind, body } = write
  if (kind === 'delete') return [[Verb.delete, table]]
  // An upsert that only takes what is not there yet creates, however it is put.
  const creates = kind === 'create' || write.precondition.kind === 'mustNotExist'
  const needed: (readonly [Verb, DataverseTable])[] = [[creates ? Verb.create : Verb.write, table]]
  for (const [name, value] of Object.entries(body)) {
    if (!name.endsWith('@odata.bind') || typeof value !== 'string') continue
    if (name === 'ownerid@odata.bind') {
      needed.push([Verb.assign, table])
      continue
    }
    const set = /(\w+)\([^)]*\)$/.exec(value)?.[1]
    const target = DATAVERSE_TABLES.find((candidate) => candidate.name === set)
    needed.push([Verb.append, table])
    if (target !== undefined) needed.push([Verb.appendTo, target])
  }
  return needed
}

/** The rows of the set `privileges`. */
export function privilegeRows(): Row[] {
  return PRIVILEGES.map(({ id, name }) => ({ privilegeid: id, name }))
}
