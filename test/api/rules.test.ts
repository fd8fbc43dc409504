import { getMetadataStorage } from 'type-graphql'
import { expect, test } from 'vitest'
import { buildApiSchema } from '../../src/api/schema.js'
import { PrincipalKind, type Principal } from '../../src/api/sign-in/principal.js'
import { includesRole, Role } from '../../src/domain/role.js'

const schema = buildApiSchema()

interface RootField {
  readonly operation: 'query' | 'mutation' | 'subscription'
  readonly name: string
  /** What `@Authorized` says; null: no rule. */
  readonly needs: Role | null
}

const rootFields: readonly RootField[] = (['query', 'mutation', 'subscription'] as const).flatMap(
  (operation) => {
    const metadata = getMetadataStorage()
    const rules = new Map(
      {
        query: metadata.queries,
        mutation: metadata.mutations,
        subscription: metadata.subscriptions,
      }[operation].map(({ schemaName, roles }) => [schemaName, (roles?.[0] ?? null) as Role | null]),
    )
    return Object.keys(schema.getRootType(operation as never)?.getFields() ?? {}).map((name) => ({
      operation,
      name,
      needs: rules.get(name) ?? null,
    }))
  },
)

test('every query, mutation and subscription has a rule', () => {
  expect(rootFields.length).toBeGreaterThan(90)
  expect(rootFields.filter(({ needs }) => needs === null).map(({ name }) => name)).toEqual([])
})

test('a viewer reads, and changes nothing', () => {
  const may = rootFields.filter(({ needs }) => needs === Role.viewer)
  expect([...new Set(may.map(({ operation }) => operation))].filter((kind) => kind === 'mutation')).toEqual(
    [],
  )
})

const asked = rootFields.flatMap(({ needs, ...field }) => (needs === null ? [] : [{ ...field, needs }]))
const refused = Object.values(Role).flatMap((role) =>
  asked.filter(({ needs }) => !includesRole(role, needs)).map((field) => ({ ...field, role })),
)

test.each(refused)(
  '$role is refused the $operation $name, which needs $needs',
  async ({ operation, name, needs, role }) => {
    await expect(callAs(principalOf(role), operation, name)).rejects.toMatchObject({
      message: `${name} needs the role ${needs}; anna has ${role}. An administrator gives roles.`,
      extensions: { code: 'FORBIDDEN', needs, has: role },
    })
  },
)

test.each(['Connection.document', 'ConnectedSystem.secrets'])(
  '%s is for administrators alone',
  async (path) => {
    const [type = '', field = ''] = path.split('.')
    for (const role of [Role.viewer, Role.operator]) {
      await expect(callAs(principalOf(role), type, field)).rejects.toMatchObject({
        message: `${path} needs the role ADMINISTRATOR; anna has ${role}. An administrator gives roles.`,
        extensions: { code: 'FORBIDDEN' },
      })
    }
  },
)

function principalOf(role: Role): Principal {
  return { id: 'anna', name: 'anna', role, kind: PrincipalKind.user, connectionId: null }
}

/** Calls a field's resolver as the execution does. Rules come before arguments are looked at, so none are needed. */
async function callAs(principal: Principal, parent: string, name: string): Promise<unknown> {
  const root = ['query', 'mutation', 'subscription'].includes(parent)
  const type = root ? schema.getRootType(parent as never) : schema.getType(parent)
  if (type === undefined || type === null || !('getFields' in type))
    throw new Error(`There is no type ${parent}.`)
  const field = type.getFields()[name]
  if (field === undefined || !('resolve' in field)) throw new Error(`There is no field ${parent}.${name}.`)
  const call = (parent === 'subscription' ? field.subscribe : field.resolve) as (
    ...given: readonly unknown[]
  ) => unknown
  return call(
    {},
    {},
    { principal, em: { config: {} }, audit: { begin: async () => '', end: async () => undefined } },
    {
      fieldName: name,
      parentType: type,
      path: { key: name, prev: root ? undefined : { key: 'parent' } },
    },
  )
}
