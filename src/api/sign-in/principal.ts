import { Role } from '../../domain/role.js'

export const PrincipalKind = {
  /** Who holds the token of this machine. */
  local: 'LOCAL',
  /** A program with an access token. */
  token: 'TOKEN',
  /** A person who has signed in. */
  user: 'USER',
} as const
export type PrincipalKind = (typeof PrincipalKind)[keyof typeof PrincipalKind]

/** Who asks. Only the name is ever logged, or recorded as the one who did something. */
export interface Principal {
  /** Tells principals of one kind apart, and stays when the name changes. */
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly kind: PrincipalKind
  /** The only connection that it may use; null: all. */
  readonly connectionId: string | null
}

/** Tells a principal from all others, also from those of his name. */
export function principalKey({ kind, id }: Principal): string {
  return `${kind} ${id}`
}

/** Whoever can read the token in the data folder of this machine can do everything there anyway. */
export const LOCAL_PRINCIPAL: Principal = {
  id: 'local',
  name: 'local',
  role: Role.administrator,
  kind: PrincipalKind.local,
  connectionId: null,
}
