/** A record that was written, by side and id. */
interface Written {
  readonly side: string
  readonly record: { readonly id: string | null } | null
}

/** As many writes as were read of all there are. */
interface Read<Write> {
  readonly nodes: readonly Write[]
  /** More than were read. */
  readonly hasMore: boolean
}

/** How many records of a run were written again by others; not exact: so many at least. */
export interface WrittenAgain {
  readonly count: number
  readonly isExact: boolean
}

/** `later`: what was written since the run ended, by whatever run. */
export function writtenAgain(
  runId: string,
  own: Read<Written>,
  later: Read<Written & { readonly run: { readonly id: string } | null }>,
): WrittenAgain {
  const keyOf = ({ side, record }: Written): string => `${side} ${record?.id ?? ''}`
  const others = new Set(later.nodes.filter(({ run }) => run?.id !== runId).map(keyOf))
  const again = new Set(own.nodes.map(keyOf).filter((key) => others.has(key)))
  return { count: again.size, isExact: !own.hasMore && !later.hasMore }
}

/** Whether nothing is left of a run to be undone, as far as all of it was read. */
export function isUndone({
  nodes,
  hasMore,
}: Read<{ readonly undoneBy: { readonly id: string } | null }>): boolean {
  return !hasMore && nodes.every(({ undoneBy }) => undoneBy !== null)
}
