import { isDeepStrictEqual } from 'node:util'
import { addAuditEntry, completeAuditEntry, OK, UNDER_WAY } from '../../persistence/audit.js'
import type { Database } from '../../persistence/database.js'
import type { AuditChange } from '../../persistence/entities/audit-entry.js'
import type { Principal } from '../sign-in/principal.js'
import { nameSubjects } from './name-subjects.js'
import { argumentsWithoutSecrets, withoutSecrets } from './without-secrets.js'

/** Notes in the audit log what a request does. */
export class AuditTrail {
  private changes: AuditChange[] = []

  constructor(
    private readonly database: Database,
    private readonly principal: Principal,
    /** Where the request came from. */
    private readonly address: string,
  ) {}

  /**
   * What the mutation under way has changed: a thing as it was (null: it was not there) and as it is (null: it is gone), as JSON. Only
   * members that differ are kept, and no secrets.
   */
  changed(change: {
    readonly kind: string
    readonly id: string
    readonly name: string
    readonly before: unknown
    readonly after: unknown
  }): void {
    const found = differing(change.before, change.after)
    if (found !== null) this.changes.push({ ...change, ...found })
  }

  /** How many changes were told by {@link changed}. */
  get noted(): number {
    return this.changes.length
  }

  /** Forgets all but the first so many: what was told after them has not come about. */
  forgetAfter(count: number): void {
    this.changes = this.changes.slice(0, count)
  }

  /** Notes that a mutation begins: what cannot be noted is not done. Returns the entry's id. */
  async begin(action: string, given: unknown): Promise<string> {
    this.changes = []
    const em = this.database.em.fork()
    return addAuditEntry(em, {
      actor: this.principal,
      action,
      arguments: argumentsWithoutSecrets(given),
      ...(await nameSubjects(em, action, given)),
      outcome: UNDER_WAY,
      address: this.address,
    })
  }

  /** Notes how it ended. A mutation that failed has changed nothing. */
  async end(id: string, errorCode: string | null): Promise<void> {
    const changes = errorCode === null ? this.changes : []
    await completeAuditEntry(this.database.em.fork(), id, errorCode ?? OK, changes)
  }
}

/** Null: nothing differs. */
function differing(before: unknown, after: unknown): Pick<AuditChange, 'before' | 'after'> | null {
  const [one, other] = [withoutSecrets(before), withoutSecrets(after)]
  if (!isObject(one) || !isObject(other)) return { before: one, after: other }
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (name) => !isDeepStrictEqual(one[name], other[name]),
  )
  if (names.length === 0) return null
  const pick = (object: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(names.filter((name) => name in object).map((name) => [name, object[name]]))
  return { before: pick(one), after: pick(other) }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
