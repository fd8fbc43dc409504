import { makeStyles, MessageBar, MessageBarBody, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { TryMappingChangeMutation } from './generated/graphql.js'
import { useChangeWords } from './use-change-words.js'

/** What a change would be, as the API tells it without making it. */
export type MappingTrial = TryMappingChangeMutation['applyIntegrationTableMappings'][number]

const useStyles = makeStyles({
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL, overflowWrap: 'anywhere' },
})

/** What a change would be and what follows from it; null: it is not known yet. */
export function Trial({ trial }: { readonly trial: MappingTrial | null }): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const words = useChangeWords()
  if (trial === null) return <Text role="status">{t('save.looking')}</Text>
  return (
    <>
      <ul className={styles.list} aria-label={t('save.changes')}>
        {trial.changes.map((change) => (
          <li key={change.path}>{words(change)}</li>
        ))}
      </ul>
      {trial.consequences.length > 0 && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            {trial.consequences.map((consequence) => (
              <Text key={consequence} block>
                {consequence}
              </Text>
            ))}
          </MessageBarBody>
        </MessageBar>
      )}
      {trial.warnings.map(({ path, message }) => (
        <MessageBar key={path + message} intent="warning" layout="multiline">
          <MessageBarBody>{message}</MessageBarBody>
        </MessageBar>
      ))}
    </>
  )
}
