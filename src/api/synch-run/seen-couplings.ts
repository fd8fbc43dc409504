import type { SeenVersions } from '../../domain/decide.js'
import { badUserInput } from '../errors.js'
import { parseId } from '../identifiers.js'
import type { SeenCouplingInput } from './synchronize-records.type.js'

/** By coupling id. Throws BAD_USER_INPUT where a seen version belongs to none of the ids. */
export function seenCouplings(
  ids: readonly string[],
  seen: readonly SeenCouplingInput[],
): Readonly<Record<string, SeenVersions>> {
  return Object.fromEntries(
    seen.map((entry, index) => {
      const argument = `seenVersions[${index}].couplingId`
      const id = parseId(entry.couplingId, argument)
      if (!ids.includes(id)) {
        throw badUserInput([{ argument, message: `Expected one of the ids given, got ${id}.` }])
      }
      return [id, { local: entry.local ?? null, integration: entry.integration ?? null }]
    }),
  )
}
