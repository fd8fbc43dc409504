import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  tokens,
} from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Instant } from '../../shared/instant.js'
import { useChangeWords } from './use-change-words.js'

const useStyles = makeStyles({
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
})

/** A change that somebody else made since the version that was seen. */
export interface ChangeSince {
  readonly version: number
  readonly author: string
  readonly note: string | null
  readonly at: string
  readonly changes: readonly { readonly path: string; readonly text: string }[]
}

export interface StaleNoticeProps {
  readonly since: readonly ChangeSince[]
  /** What both have changed. */
  readonly overlapping: readonly string[]
  onKeep(): void
  onDiscard(): void
}

/** Who has changed what since the draft began, and the two ways on; nothing where nobody has. */
export function StaleNotice({ since, overlapping, onKeep, onDiscard }: StaleNoticeProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const words = useChangeWords()
  if (since.length === 0) return null
  return (
    <MessageBar intent="warning" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{t('save.stale')}</MessageBarTitle>
        <ul className={styles.list}>
          {since.map((change) => (
            <li key={change.version}>
              {t('save.changedBy', { version: change.version, author: change.author })}{' '}
              <Instant at={change.at} as="ago" />
              {change.note !== null && ` (${change.note})`}: {change.changes.map(words).join('; ')}
            </li>
          ))}
        </ul>
        {overlapping.length > 0 && t('save.overlap', { settings: overlapping.join(', ') })}
      </MessageBarBody>
      <MessageBarActions>
        <Button onClick={onKeep}>{t('save.keepMine')}</Button>
        <Button onClick={onDiscard}>{t('save.takeTheirs')}</Button>
      </MessageBarActions>
    </MessageBar>
  )
}
