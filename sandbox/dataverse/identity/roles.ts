import { stableId } from '../stable-id.js'

/** A security role. */
export interface Role {
  readonly id: string
  readonly name: string
  /** The template that it and its copies in other business units come from; null for a role that people made. */
  readonly templateId: string | null
}

export const SYSTEM_ADMINISTRATOR = 'System Administrator'
/** What Accord's application user has at first. */
export const INTEGRATION_ROLE = 'Accord Integration'
export const PERSON_ROLE = 'Salesperson'

export const ROLES: readonly Role[] = [
  role(SYSTEM_ADMINISTRATOR, '627090ff-40a3-4053-8790-584edc5be201'),
  role('System Customizer', '119f245c-3cc8-4b62-b31c-d1a046ced15d'),
  role(PERSON_ROLE, null),
  role(INTEGRATION_ROLE, null),
]

function role(name: string, templateId: string | null): Role {
  return { id: stableId(`role ${name}`), name, templateId }
}

export function roleNamed(name: string): Role | undefined {
  return ROLES.find((candidate) => candidate.name === name)
}
