import type { EntityClass, EntityManager } from '@mikro-orm/postgresql'
import { getMetadataStorage } from 'type-graphql'

/** Member that says how a value is kept which JSON has no form for. */
const KEPT_AS = '$keptAs'

type Members = Readonly<Record<string, unknown>>

/**
 * What a resolver returned, in a form for the database. A stored thing (a run, a plan) is kept as its id: whoever is answered with it again is
 * told how it is by then.
 */
export function keepResult(em: EntityManager, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return (value as readonly unknown[]).map((item) => keepResult(em, item))
  if (value instanceof Date) return { [KEPT_AS]: 'date', at: value.toJSON() }
  if (typeof value !== 'object') return value
  const entity = entityOf(em, value)
  if (entity !== null) return { [KEPT_AS]: 'entity', name: entity, id: (value as Members)['id'] }
  const members = Object.fromEntries(
    [...Object.keys(value), ...madeWhenAsked(value)].map((name) => [
      name,
      keepResult(em, (value as Members)[name]),
    ]),
  )
  const type = getMetadataStorage().objectTypes.find(({ target }) => target === value.constructor)
  return type === undefined ? members : { [KEPT_AS]: 'type', name: type.name, members }
}

/** What {@link keepResult} was given; what was stored as it is now. Null in the place of what has been deleted since. */
export async function resultOf(em: EntityManager, kept: unknown): Promise<unknown> {
  if (Array.isArray(kept)) return Promise.all((kept as readonly unknown[]).map((item) => resultOf(em, item)))
  if (typeof kept !== 'object' || kept === null) return kept
  const members = kept as Members
  switch (members[KEPT_AS]) {
    case undefined:
      return membersOf(em, members)
    case 'date':
      return new Date(String(members['at']))
    case 'entity':
      return em.findOne(
        entityNamed(em, String(members['name'])),
        { id: String(members['id']) },
        { disableIdentityMap: true },
      )
    case 'type': {
      const name = String(members['name'])
      const type = getMetadataStorage().objectTypes.find((one) => one.name === name)
      if (type === undefined) throw new Error(`A result was kept as ${name}, which is not known any more.`)
      const { prototype } = type.target as { readonly prototype: object }
      return Object.assign(
        Object.create(prototype) as object,
        await membersOf(em, members['members'] as Members),
      )
    }
    default:
      throw new Error(`A result was kept as ${String(members[KEPT_AS])}, which is not known.`)
  }
}

/** Members that a value makes when they are asked for. */
function madeWhenAsked(value: object): readonly string[] {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (typeof prototype !== 'object' || prototype === null || prototype === Object.prototype) return []
  return Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { get }]) =>
    get === undefined ? [] : [name],
  )
}

async function membersOf(em: EntityManager, members: Members): Promise<Members> {
  return Object.fromEntries(
    await Promise.all(
      Object.entries(members).map(async ([name, member]) => [name, await resultOf(em, member)] as const),
    ),
  )
}

/** Null: it is nothing that is stored under an id. */
function entityOf(em: EntityManager, value: object): string | null {
  const known = [...em.getMetadata().getAll().values()].find(
    (entity) => entity.class === value.constructor && entity.primaryKeys.join() === 'id',
  )
  return known?.className ?? null
}

function entityNamed(em: EntityManager, name: string): EntityClass<{ readonly id: string }> {
  const known = [...em.getMetadata().getAll().values()].find((entity) => entity.className === name)
  if (known === undefined) throw new Error(`A result was kept as ${name}, which is not known any more.`)
  return known.class as unknown as EntityClass<{ readonly id: string }>
}
