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
  table: { minWidth: '800px' },
  name: { width: '15.5%' },
  agreement: { width: '14%' },
  number: {
    width: '9.3%',
    textAlign: 'end',
    '&.fui-TableHeaderCell': { paddingInlineStart: 0, fontSize: tokens.fontSizeBase200 },
    '& .fui-TableHeaderCell__button': { justifyContent: 'flex-end' },
  },
  lastRun: { width: '23%', paddingInlineStart: tokens.spacingHorizontalXL },
  run: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, whiteSpace: 'nowrap' },
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
  const columns = [
    ['name', styles.name],
    ['agreement', styles.agreement],
    ['couplings', styles.number],
    ['openErrors', styles.number],
    ['skipped', styles.number],
    ['pending', styles.number],
    ['lastRun', styles.lastRun],
  ] as const
  return (
    // What scrolls has to be reached by keyboard.
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('mappings')}>
      <Table className={styles.table} aria-label={t('mappings')}>
        <TableHeader>
          <TableRow>
            {columns.map(([column, width]) => (
              <TableHeaderCell key={column} className={width}>
                {t(`columns.${column}`)}
              </TableHeaderCell>
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
                <TableCell className={styles.number}>
                  <Quantity value={couplings} />
                </TableCell>
                <TableCell className={styles.number}>
                  <Count
                    of={mapping.openErrors}
                    to={`/errors?${here}`}
                    label={t('openErrorsOf', { mapping: mapping.name })}
                  />
                </TableCell>
                <TableCell className={styles.number}>
                  <Count
                    of={mapping.skippedRecords}
                    to={`/skipped?${here}`}
                    label={t('skippedOf', { mapping: mapping.name })}
                  />
                </TableCell>
                <TableCell className={styles.number}>
                  <Quantity value={mapping.pendingRecords} />
                </TableCell>
                <TableCell className={styles.lastRun}>
                  {mapping.lastRun != null && (
                    <span className={styles.run}>
                      <OutcomeBadge outcome={mapping.lastRun.status} />
                      <Instant at={mapping.lastRun.finishedAt} as="ago" />
                    </span>
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
