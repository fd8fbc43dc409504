import {
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
} from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { useLive } from '../../api/live.js'
import { Instant } from '../../shared/instant.js'
import { OutcomeBadge } from '../../shared/outcome-badge.js'
import { Page } from '../../shared/page.js'
import { Quantity } from '../../shared/quantity.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { HomeDocument, type HomeQuery } from './generated/graphql.js'

export default function Home(): ReactNode {
  const { t } = useTranslation('home')
  const [{ data, error }, refetch] = useQuery({ query: HomeDocument })
  useLive(['counters', 'errors'], () => refetch({ requestPolicy: 'network-only' }))
  return (
    <Page title={t('title')} lead={t('lead')}>
      {data !== undefined ? (
        <Mappings mappings={data.integrationTableMappings} />
      ) : error !== undefined ? (
        <ErrorState failure={failureOf(error)} retry={() => refetch({ requestPolicy: 'network-only' })} />
      ) : (
        <LoadingState />
      )}
    </Page>
  )
}

function Mappings({ mappings }: { readonly mappings: HomeQuery['integrationTableMappings'] }): ReactNode {
  const { t } = useTranslation('home')
  if (mappings.length === 0) return <EmptyState title={t('noMappings')} />
  return (
    <Table aria-label={t('mappings')}>
      <TableHeader>
        <TableRow>
          {(['name', 'tables', 'couplings', 'openErrors', 'skipped', 'pending', 'lastRun'] as const).map(
            (column) => (
              <TableHeaderCell key={column}>{t(`columns.${column}`)}</TableHeaderCell>
            ),
          )}
        </TableRow>
      </TableHeader>
      <TableBody>
        {mappings.map((mapping) => (
          <TableRow key={mapping.id}>
            <TableCell>{mapping.name}</TableCell>
            <TableCell>
              {mapping.localTableCaption} ↔ {mapping.integrationTableCaption}
            </TableCell>
            <TableCell>
              <Quantity value={mapping.couplings} />
            </TableCell>
            <TableCell>
              <Quantity value={mapping.openErrors} />
            </TableCell>
            <TableCell>
              <Quantity value={mapping.skippedRecords} />
            </TableCell>
            <TableCell>
              <Quantity value={mapping.pendingRecords} />
            </TableCell>
            <TableCell>
              {mapping.lastRun != null && (
                <>
                  <OutcomeBadge outcome={mapping.lastRun.status} />{' '}
                  <Instant at={mapping.lastRun.finishedAt} as="ago" />
                </>
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}
