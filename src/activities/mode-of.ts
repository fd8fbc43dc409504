import type { Mode } from '../domain/decide.js'
import type { StoredCoupling } from '../persistence/queries/couplings.js'
import type { StoredState } from '../persistence/queries/record-states.js'
import type { DecideRowsInput } from './decide-rows.js'

/** Who asks about a record, and what for: by the run's mode, or by what a person wants of the records he chose. */
export function modeOf(
  input: DecideRowsInput,
  coupling: StoredCoupling | null,
  state: StoredState | null,
): Mode {
  const scope = input.scope
  if (input.mode === 'COUPLE') {
    const { createNew, synchronizeAfterwards } = input.coupling
    return { kind: 'couple', createNew, synchronize: synchronizeAfterwards }
  }
  if (scope?.kind === 'forced' || scope?.kind === 'merge') {
    const seen = (coupling === null ? undefined : scope.seenBy?.[coupling.id]) ?? scope.seen
    return scope.kind === 'merge'
      ? { kind: 'merge', seen }
      : { kind: 'forced', overwrite: scope.overwrite, seen }
  }
  if (scope?.kind === 'resolve') {
    const detail = state?.detail ?? null
    const seen = coupling === null ? undefined : scope.seen[coupling.id]
    // What is recorded may have been met after he looked.
    const isOf = (version: string | null | undefined, recorded: string | null | undefined) =>
      version === undefined || version === null || version === recorded
    const showsLocal = isOf(seen?.local, detail?.localVersion)
    const showsIntegration = isOf(seen?.integration, detail?.integrationVersion)
    return {
      kind: 'resolve',
      choice: (coupling === null ? undefined : scope.choices?.[coupling.id]) ?? scope.choice,
      seen: {
        versions: seen ?? {
          local: detail?.localVersion ?? null,
          integration: detail?.integrationVersion ?? null,
        },
        values: Object.fromEntries(
          (detail?.fields ?? []).map((field) => [
            field.name,
            {
              local: showsLocal ? field.local : undefined,
              integration: showsIntegration ? field.integration : undefined,
            },
          ]),
        ),
      },
    }
  }
  return { kind: input.mode === 'UNCONDITIONAL' ? 'unconditional' : 'scheduled' }
}
