import { makeStyles, shorthands, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@fluentui/react-components'
import { Facts } from '../../shared/facts.js'
import { Instant } from '../../shared/instant.js'
import { ErrorClassBadge } from '../../shared/outcome-badge.js'
import { Panel } from '../../shared/panel.js'
import { RecordLink } from '../../shared/record-link.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { usePages } from '../../shared/use-pages.js'
import { RunErrorsDocument } from './generated/graphql.js'

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', margin: 0, padding: 0, listStyleType: 'none' },
  error: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    paddingBlock: tokens.spacingVerticalM,
    ...shorthands.borderBottom('1px', 'solid', tokens.colorNeutralStroke3),
  },
  head: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'center' },
  message: { overflowWrap: 'anywhere' },
})

/** The errors that a run met last, with what to do about each. */
export function RunErrors({ runId }: { readonly runId: string }): ReactNode {
  const { t } = useTranslation(['jobs', 'console'])
  const styles = useStyles()
  const pages = usePages({
    query: RunErrorsDocument,
    variables: { run: runId },
    connection: ({ integrationSynchErrors }) => integrationSynchErrors,
    topics: ['errors'],
    pageSize: 20,
  })
  return (
    <Panel title={t('run.errors')}>
      {pages.failure !== null && pages.rows.length === 0 ? (
        <ErrorState failure={pages.failure} retry={pages.reload} />
      ) : pages.rows.length === 0 ? (
        pages.loading ? (
          <LoadingState />
        ) : (
          <Text>{t('run.noErrors')}</Text>
        )
      ) : (
        <ul className={styles.list}>
          {pages.rows.map((error) => (
            <li key={error.id} className={styles.error}>
              <div className={styles.head}>
                <ErrorClassBadge errorClass={error.errorClass} />
                <Text size={200}>
                  <Instant at={error.time} />
                </Text>
              </div>
              <Text weight="semibold" className={styles.message}>
                {error.message}
              </Text>
              <Facts
                facts={[
                  [
                    t('errors.source'),
                    error.source == null ? null : <RecordLink key="source" record={error.source} />,
                  ],
                  [
                    t('errors.destination'),
                    error.destination == null ? null : (
                      <RecordLink key="destination" record={error.destination} />
                    ),
                  ],
                  [t('console:state.cause'), error.cause],
                  [t('errors.remedy'), error.remedy],
                ]}
              />
            </li>
          ))}
        </ul>
      )}
      {pages.hasMore && (
        <div>
          <Button onClick={pages.loadMore} disabled={pages.loading}>
            {t('more')}
          </Button>
        </div>
      )}
    </Panel>
  )
}
