import { Button, makeStyles, tokens } from '@fluentui/react-components'
import { useCallback, useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { InnerLink } from '../inner-link.js'
import { BulkObstaclesDocument, type BulkObstacle, type BulkObstaclesQuery } from './generated/graphql.js'

type Obstacle = NonNullable<BulkObstaclesQuery['bulkAction']>['failures'][number]

const useStyles = makeStyles({
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL, overflowWrap: 'anywhere' },
})

export interface BulkObstaclesProps {
  readonly id: string
  readonly outcome: BulkObstacle
  readonly total: number
}

/** With which records an action was not done, and why, ten at a time. */
export function BulkObstacles({ id, outcome, total }: BulkObstaclesProps): ReactNode {
  const { t } = useTranslation()
  const styles = useStyles()
  const client = useClient()
  const [obstacles, setObstacles] = useState<readonly Obstacle[]>([])
  const more = useCallback(
    async (before: readonly Obstacle[]): Promise<void> => {
      const { data } = await client
        .query(
          BulkObstaclesDocument,
          { id, outcome, after: before.at(-1)?.number ?? 0 },
          { requestPolicy: 'network-only' },
        )
        .toPromise()
      if (data?.bulkAction != null) setObstacles([...before, ...data.bulkAction.failures])
    },
    [client, id, outcome],
  )
  useEffect(() => void more([]), [more])
  return (
    <>
      <ul className={styles.list} aria-label={t(`bulk.obstacles.${outcome}`)}>
        {obstacles.map(({ number, message, errorId, skippedSynchRecordId }) => (
          <li key={number}>
            {message}{' '}
            {skippedSynchRecordId != null ? (
              <InnerLink to={`/skipped/${skippedSynchRecordId}`}>{t('bulk.look')}</InnerLink>
            ) : (
              errorId != null && <InnerLink to={`/errors/entry/${errorId}`}>{t('bulk.look')}</InnerLink>
            )}
          </li>
        ))}
      </ul>
      {obstacles.length > 0 && obstacles.length < total && (
        <Button size="small" onClick={() => void more(obstacles)}>
          {t('bulk.more', { count: total - obstacles.length })}
        </Button>
      )}
    </>
  )
}
