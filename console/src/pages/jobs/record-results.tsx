import {
  Badge,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
} from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Panel } from '../../shared/panel.js'
import type { RunQuery } from './generated/graphql.js'

type Result = NonNullable<RunQuery['synchRun']>['recordResults'][number]

/** So many are shown; the counters tell of all. */
const MOST = 200

const COLORS = {
  APPLIED: 'success',
  COUPLED: 'success',
  UNCHANGED: 'informative',
  CHANGED_SINCE: 'warning',
  DESTINATION_CHANGED: 'warning',
  FAILED: 'danger',
} as const

/** Of a run over chosen records: what it did with each. */
export function RecordResults({ results }: { readonly results: readonly Result[] }): ReactNode {
  const { t } = useTranslation('jobs')
  return (
    <Panel title={t('run.records')}>
      <Table size="small" aria-label={t('run.records')}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell>{t('run.record')}</TableHeaderCell>
            <TableHeaderCell>{t('run.outcome')}</TableHeaderCell>
            <TableHeaderCell>{t('columns.message')}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {results.slice(0, MOST).map((result, index) => (
            <TableRow key={result.couplingId ?? result.localId ?? result.integrationId ?? index}>
              <TableCell>{result.localId ?? result.integrationId ?? result.couplingId}</TableCell>
              <TableCell>
                <Badge appearance="tint" color={COLORS[result.outcome]}>
                  {t(`outcomes.${result.outcome}`)}
                </Badge>
              </TableCell>
              <TableCell>{result.message}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Panel>
  )
}
