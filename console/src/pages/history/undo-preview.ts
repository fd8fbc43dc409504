import { useEffect, useState } from 'react'
import { useClient, type Client } from 'urql'
import { PairNowDocument, type PairNowQuery, type WriteFragment } from './generated/graphql.js'

/** What undoing would find in a field. */
export interface PreviewedField {
  readonly caption: string
  readonly finding: 'willSetBack' | 'asBefore' | 'changedSince' | 'notMapped'
  readonly value: string | null
}

/** What undoing a write would do, as far as the records tell now. */
export interface PreviewedWrite {
  readonly write: WriteFragment
  readonly whole: 'fields' | 'gone' | 'willDelete' | 'touched' | 'willCreate' | 'unknown'
  readonly fields: readonly PreviewedField[]
}

/** So many records are looked at beforehand: each is a call to both systems. */
const MOST_LOOKED_AT = 10

/** Looks at the records of writes as they are now; null until they were read. */
export function useUndoPreview(writes: readonly WriteFragment[]): readonly PreviewedWrite[] | null {
  const client = useClient()
  const [preview, setPreview] = useState<readonly PreviewedWrite[] | null>(null)
  useEffect(() => {
    let isCurrent = true
    void Promise.all(writes.slice(0, MOST_LOOKED_AT).map((write) => lookAt(client, write))).then((found) => {
      if (isCurrent) setPreview(found)
    })
    return () => {
      isCurrent = false
    }
  }, [client, writes])
  return preview
}

async function lookAt(client: Client, write: WriteFragment): Promise<PreviewedWrite> {
  if (write.kind === 'DELETE') return { write, whole: 'willCreate', fields: [] }
  const { coupling, mapping } = write
  const localId = coupling?.localRecord.id
  const integrationId = coupling?.integrationRecord.id
  if (localId == null || integrationId == null) return { write, whole: 'unknown', fields: [] }
  const { data } = await client
    .query(
      PairNowDocument,
      { mapping: mapping.name, connection: mapping.connection.name, localId, integrationId },
      { requestPolicy: 'network-only' },
    )
    .toPromise()
  if (data === undefined) return { write, whole: 'unknown', fields: [] }
  return judge(write, data.couplingPreview)
}

function judge(write: WriteFragment, now: PairNowQuery['couplingPreview']): PreviewedWrite {
  const isLocal = write.side === 'LOCAL'
  if (!(isLocal ? now.local : now.integration).found) return { write, whole: 'gone', fields: [] }
  if (write.kind === 'CREATE') {
    const version = isLocal ? now.versions.local : now.versions.integration
    if (write.versionAfter == null || version == null) return { write, whole: 'unknown', fields: [] }
    // Another version may be Accord's own as well: then nobody has touched it, which is found when it is undone.
    return { write, whole: version === write.versionAfter ? 'willDelete' : 'unknown', fields: [] }
  }
  const fields = write.fields.map(({ field, caption, before, after }): PreviewedField => {
    const found = now.fields.find((one) => (isLocal ? one.localField : one.integrationField) === field)
    if (found === undefined) return { caption, finding: 'notMapped', value: null }
    const value = (isLocal ? found.local : found.integration) ?? null
    if (value === (after ?? null)) return { caption, finding: 'willSetBack', value: before ?? null }
    if (value === (before ?? null)) return { caption, finding: 'asBefore', value }
    return { caption, finding: 'changedSince', value }
  })
  return { write, whole: 'fields', fields }
}
