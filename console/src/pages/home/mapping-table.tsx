import {
  makeStyles,
  ProgressBar,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  tokens,
} from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { OutcomeBadge } from '../../shared/outcome-badge.js'
import { formatShare, Quantity } from '../../shared/quantity.js'
import { apartOf, type Mapping } from './agreement.js'

const useStyles = makeStyles({
  scroll: { overflowX: 'auto' },
  table: { minWidth: '760px' },
  share: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    paddingInlineEnd: tokens.spacingHorizontalM,
  },
})

/** How far the pairs of each mapping agree, and what stands in the way. */
export function MappingTable({ mappings }: { readonly mappings: readonly Mapping[] }): ReactNode {
  const { t, i18n } = useTranslation('home')
  const styles = useStyles()
  const columns = ['name', 'agreement', 'couplings', 'openErrors', 'skipped', 'pending', 'lastRun'] as const
  return (
    // What scrolls has to be reached by keyboard.
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('mappings')}>
      <Table size="small" className={styles.table} aria-label={t('mappings')}>
        <TableHeader>
          <TableRow>
            {columns.map((column) => (
              <TableHeaderCell key={column}>{t(`columns.${column}`)}</TableHeaderCell>
            ))}
          </TableRow>
        </TableHeader>
        <TableBody>
          {mappings.map((mapping) => {
            const { couplings } = mapping
            const here = new URLSearchParams({
              connection: mapping.connection.name,
              mapping: mapping.name,
            }).toString()
            const share = couplings === 0 ? null : (couplings - apartOf(mapping)) / couplings
            return (
              <TableRow key={mapping.id}>
                <TableCell>
                  <InnerLink
                    to={`/mappings/${encodeURIComponent(mapping.connection.name)}/${encodeURIComponent(mapping.name)}`}
                  >
                    {mapping.name}
                  </InnerLink>
                </TableCell>
                <TableCell>
                  {share !== null && (
                    <div className={styles.share}>
                      <Quantity as="percent" value={share} />
                      <ProgressBar
                        value={share}
                        color={share === 1 ? 'success' : 'warning'}
                        thickness="large"
                        aria-label={t('shareOf', {
                          mapping: mapping.name,
                          share: formatShare(share, i18n.language),
                        })}
                      />
                    </div>
                  )}
                </TableCell>
                <TableCell>
                  <Quantity value={couplings} />
                </TableCell>
                <TableCell>
                  <Count
                    of={mapping.openErrors}
                    to={`/errors?${here}`}
                    label={t('openErrorsOf', { mapping: mapping.name })}
                  />
                </TableCell>
                <TableCell>
                  <Count
                    of={mapping.skippedRecords}
                    to={`/skipped?${here}`}
                    label={t('skippedOf', { mapping: mapping.name })}
                  />
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
            )
          })}
        </TableBody>
      </Table>
    </div>
  )
}

function Count({
  of,
  to,
  label,
}: {
  readonly of: number
  readonly to: string
  readonly label: string
}): ReactNode {
  if (of === 0) return <Quantity value={0} />
  return (
    <InnerLink to={to} title={label}>
      <Quantity value={of} />
    </InnerLink>
  )
}
