import { makeStyles, mergeClasses, Text, tokens, Tooltip } from '@fluentui/react-components'
import { useSyncExternalStore, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../api/session.js'

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    whiteSpace: 'nowrap',
  },
  dot: {
    width: '8px',
    height: '8px',
    borderRadius: '50%',
    backgroundColor: tokens.colorPaletteMarigoldBackground3,
  },
  live: { backgroundColor: tokens.colorPaletteGreenBackground3 },
})

/** Whether changes arrive as they happen. */
export function LiveStatus(): ReactNode {
  const { t } = useTranslation()
  const styles = useStyles()
  const { connection } = useSession().api
  const state = useSyncExternalStore(connection.subscribe, connection.get)
  return (
    <Tooltip content={t(`live.${state}Hint`)} relationship="description">
      <span role="status" className={styles.root}>
        <span aria-hidden="true" className={mergeClasses(styles.dot, state === 'live' && styles.live)} />
        <Text size={200}>{t(`live.${state}`)}</Text>
      </span>
    </Tooltip>
  )
}
