/** What a person or program may do here. Each role may do what those before it may. */
export const Role = {
  /** Reads everything but the states of secrets. */
  viewer: 'VIEWER',
  /** Acts on records, errors and runs. */
  operator: 'OPERATOR',
  /** Changes mappings, connections, settings and people's roles; deletes history. */
  administrator: 'ADMINISTRATOR',
} as const
export type Role = (typeof Role)[keyof typeof Role]

const RANK: Readonly<Record<Role, number>> = { VIEWER: 1, OPERATOR: 2, ADMINISTRATOR: 3 }

/** Whether who has the role `held` may do what `needed` is asked for. */
export function includesRole(held: Role, needed: Role): boolean {
  return RANK[held] >= RANK[needed]
}
