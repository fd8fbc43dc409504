import { useCallback, useEffect, useState } from 'react'

export interface Selected {
  /** What is ticked. */
  readonly ids: ReadonlySet<string>
  /** What is ticked and there: nobody acts on what he does not see. */
  readonly meant: readonly string[]
  change(ids: ReadonlySet<string>): void
  clear(): void
}

/** What somebody has ticked in a list. `asked`: what the list was asked for; of another list nothing is ticked. */
export function useSelected<Row extends { readonly id: string }>(
  rows: readonly Row[],
  asked: unknown,
): Selected {
  const [ids, change] = useState<ReadonlySet<string>>(new Set())
  const clear = useCallback(() => change(new Set()), [])
  const list = JSON.stringify(asked)
  useEffect(clear, [clear, list])
  return { ids, meant: rows.flatMap(({ id }) => (ids.has(id) ? [id] : [])), change, clear }
}
