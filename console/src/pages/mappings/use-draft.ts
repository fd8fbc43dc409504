import { useCallback, useMemo, useRef, useState } from 'react'
import { changedSettings, changesUpon, type MappingDocument } from './document.js'
import type { MappingDetailQuery } from './generated/graphql.js'

export type Mapping = NonNullable<MappingDetailQuery['integrationTableMapping']>

/** A version of the mapping, as somebody saw it. */
interface Seen {
  readonly version: number
  readonly document: MappingDocument
}

export interface Draft {
  /** What the draft began from. */
  readonly base: Seen
  readonly document: MappingDocument
  readonly changed: readonly (keyof MappingDocument)[]
  set<Key extends keyof MappingDocument>(key: Key, value: MappingDocument[Key]): void
  discard(): void
  /** Puts what was changed here upon a newer version. */
  rebase(onto: Seen): void
}

export function seenOf(mapping: Mapping): Seen {
  return { version: mapping.version, document: mapping.document as unknown as MappingDocument }
}

/** What somebody is about to change. Nothing of it is lost while others change the mapping. */
export function useDraft(mapping: Mapping): Draft {
  const current = seenOf(mapping)
  const [base, setBase] = useState<Seen>(current)
  const [edits, setEdits] = useState<Partial<MappingDocument>>({})
  const document = useMemo(() => ({ ...base.document, ...edits }), [base, edits])
  const changed = useMemo(() => changedSettings(base.document, document), [base, document])
  const latest = useRef(current)
  latest.current = current
  if (changed.length === 0 && base.version !== current.version) {
    // Nothing was typed here that a newer version could be at odds with.
    setBase(current)
    setEdits({})
  }
  const set = useCallback(
    <Key extends keyof MappingDocument>(key: Key, value: MappingDocument[Key]) =>
      setEdits((before) => ({ ...before, [key]: value })),
    [],
  )
  const discard = useCallback(() => {
    setBase(latest.current)
    setEdits({})
  }, [])
  const rebase = useCallback(
    (onto: Seen) => {
      setEdits(changesUpon(base.document, document, onto.document))
      setBase(onto)
    },
    [base, document],
  )
  return { base, document, changed, set, discard, rebase }
}
