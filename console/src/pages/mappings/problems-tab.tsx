import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../shared/states.js'
import type { Mapping } from './use-draft.js'

/** What is wrong with the mapping as the tables are now, and what deserves a second look. */
export function ProblemsTab({ mapping }: { readonly mapping: Mapping }): ReactNode {
  const { t } = useTranslation('mappings')
  const { problems, warnings } = mapping
  if (problems.length + warnings.length === 0) return <EmptyState title={t('problems.none')} />
  return (
    <>
      {problems.map((notice) => (
        <Notice key={notice.path + notice.message} intent="error" notice={notice} />
      ))}
      {warnings.map((notice) => (
        <Notice key={notice.path + notice.message} intent="warning" notice={notice} />
      ))}
    </>
  )
}

function Notice({
  intent,
  notice,
}: {
  readonly intent: 'error' | 'warning'
  readonly notice: { readonly path: string; readonly message: string }
}): ReactNode {
  return (
    <MessageBar intent={intent} layout="multiline">
      <MessageBarBody>
        {notice.path !== '' && <MessageBarTitle>{notice.path}</MessageBarTitle>} {notice.message}
      </MessageBarBody>
    </MessageBar>
  )
}
