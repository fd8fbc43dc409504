import { makeStyles, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { useLive } from '../../api/live.js'
import { Panel } from '../../shared/panel.js'
import { ActiveRunsDocument } from './generated/graphql.js'
import { RunCard } from './run-card.js'
import { useRunsChange } from './use-runs-change.js'

const useStyles = makeStyles({
  runs: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 420px), 1fr))',
    gap: tokens.spacingHorizontalM,
    maxHeight: '40vh',
    overflow: 'auto',
  },
})

/** The runs that wait or are under way, each followed live. Nothing stands there when there are none. */
export function ActiveRuns(): ReactNode {
  const { t } = useTranslation('jobs')
  const styles = useStyles()
  const [{ data }, refetch] = useQuery({ query: ActiveRunsDocument })
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  useRunsChange(again)
  useLive(['counters', 'errors'], again)
  const runs = data?.synchRuns ?? []
  if (runs.length === 0) return null
  return (
    <Panel title={t('active.title')}>
      <div className={styles.runs}>
        {runs.map((run) => (
          <RunCard key={run.id} run={run} onEnd={again} />
        ))}
      </div>
    </Panel>
  )
}
