import type { SystemKind } from '../../domain/schema.js'
import { Side } from '../../domain/value.js'
import { newConnectionId } from '../../persistence/connections.js'
import type { Connection, SystemSettings } from '../../persistence/entities/connection.js'
import { storable } from '../../persistence/sql.js'
import type { InputProblem } from '../errors.js'
import { planSystem } from './plan-system.js'
import type { Settings, SettingsKeeper } from './settings-keeper.js'

const LONGEST_NAME = 100

/** A connection as it is wanted, settings as they were given; `name` null: as before. */
export interface WantedConnection {
  readonly name: string | null
  readonly localSystem: { readonly kind: SystemKind; readonly settings: Settings } | null
  readonly integrationSystem: { readonly kind: SystemKind; readonly settings: Settings } | null
}

/** How its parts are called where they were given, for the places of problems. */
export interface ArgumentNames {
  readonly name: string
  readonly localSettings: string
  readonly integrationSettings: string
}

/** A connection as it is to be: what is wrong with it, or how it is stored. */
export interface PlannedConnection {
  readonly id: string
  readonly name: string
  readonly problems: readonly InputProblem[]
  /** Secrets that were entered now: `LOCAL.signIn.clientSecret`. */
  readonly entered: readonly string[]
  /** With the secrets encrypted. Call it only without problems. */
  store(): { readonly localSystem: SystemSettings; readonly integrationSystem: SystemSettings }
}

/** Judges a new connection (`before` null), or what a connection is to become: all problems at once, nothing done. */
export function planConnection(
  keeper: SettingsKeeper,
  wanted: WantedConnection,
  before: Connection | null,
  others: readonly Pick<Connection, 'id' | 'name'>[],
  names: ArgumentNames,
): PlannedConnection {
  const id = before?.id ?? newConnectionId()
  const name = wanted.name?.trim() ?? before?.name ?? ''
  const problems: InputProblem[] = [...nameProblems(name, names.name)]
  if (others.some((other) => other.id !== id && other.name === name)) {
    problems.push({ argument: names.name, message: `There is a connection of that name already.` })
  }
  const side = (which: Side) => {
    const isLocal = which === Side.local
    const asked = isLocal ? wanted.localSystem : wanted.integrationSystem
    const present = before === null ? null : isLocal ? before.localSystem : before.integrationSystem
    const argument = isLocal ? names.localSettings : names.integrationSettings
    if (asked === null) return { store: () => present as SystemSettings, entered: [] as readonly string[] }
    if (present !== null && present.kind !== asked.kind) {
      const message = `Expected ${present.kind}, as before: the mappings of a connection are made for its kinds. Make another connection.`
      problems.push({ argument, message })
    }
    const plan = planSystem(keeper, { connectionId: id, side: which }, asked.kind, asked.settings, present)
    problems.push(
      ...plan.problems.map(({ member, message }) => ({
        argument: member === '' ? argument : `${argument}.${member}`,
        message: sentence(message),
      })),
    )
    return { store: () => plan.store(), entered: plan.entered.map((member) => `${which}.${member}`) }
  }
  const local = side(Side.local)
  const integration = side(Side.integration)
  return {
    id,
    name: storable(name),
    problems,
    entered: [...local.entered, ...integration.entered],
    store: () => ({ localSystem: local.store(), integrationSystem: integration.store() }),
  }
}

/** The times at which secrets were entered, with those that are entered now; those that are gone are left out. */
export function secretTimes(
  keeper: SettingsKeeper,
  stored: { readonly localSystem: SystemSettings; readonly integrationSystem: SystemSettings },
  before: Readonly<Record<string, string>>,
  entered: readonly string[],
): Readonly<Record<string, string>> {
  const now = new Date().toISOString()
  const present = [
    ...keeper.secrets(stored.localSystem.settings).map(({ member }) => `${Side.local}.${member}`),
    ...keeper.secrets(stored.integrationSystem.settings).map(({ member }) => `${Side.integration}.${member}`),
  ]
  return Object.fromEntries(
    present.flatMap((key) => {
      const at = entered.includes(key) ? now : before[key]
      return at === undefined ? [] : [[key, at]]
    }),
  )
}

function nameProblems(name: string, argument: string): readonly InputProblem[] {
  const points = [...name]
  return points.length >= 1 && points.length <= LONGEST_NAME && !/[\p{Cc}/]/u.test(name)
    ? []
    : [
        {
          argument,
          message: `Expected a name of 1 to ${LONGEST_NAME} visible characters without slashes.`,
        },
      ]
}

/** Rules of settings say what is wrong without the subject: `must end in /api/v2.0`. */
function sentence(message: string): string {
  const text = /[.!]$/.test(message) ? message : `${message}.`
  return /^[a-z]/.test(text) ? `It ${text}` : text
}
