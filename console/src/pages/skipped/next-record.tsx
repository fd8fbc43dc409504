import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { InnerLink } from '../../shared/inner-link.js'
import { NextSkippedDocument } from './generated/graphql.js'
import type { SkippedRecord } from './settled-records.js'

/** From a record that was settled to the next one that waits: of the same mapping, else of any. */
export function NextRecord({ settled }: { readonly settled: SkippedRecord }): ReactNode {
  const { t } = useTranslation('skipped')
  const { name: mapping, connection } = settled.mapping
  const [same] = useQuery({
    query: NextSkippedDocument,
    variables: { filter: { connection: connection.name, mapping } },
    requestPolicy: 'network-only',
  })
  const sameNext = same.data?.skippedSynchRecords.nodes.find(({ id }) => id !== settled.id)
  const [others] = useQuery({
    query: NextSkippedDocument,
    variables: { filter: null },
    pause: same.data === undefined || sameNext !== undefined,
    requestPolicy: 'network-only',
  })
  if (same.data === undefined) return null
  const next = sameNext ?? others.data?.skippedSynchRecords.nodes.find(({ id }) => id !== settled.id)
  if (next !== undefined) {
    const name = next.record.name ?? next.record.id ?? next.id
    return <InnerLink to={`/skipped/${next.id}`}>{t('settledView.next', { name })}</InnerLink>
  }
  return others.data === undefined ? null : <>{t('settledView.last')}</>
}
