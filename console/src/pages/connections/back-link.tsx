import { makeStyles, tokens } from '@fluentui/react-components'
import { ArrowLeftRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { InnerLink } from '../../shared/inner-link.js'

const useStyles = makeStyles({
  back: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
})

/** Leads to all connections. */
export function BackLink({ to }: { readonly to: string }): ReactNode {
  const { t } = useTranslation('connections')
  const styles = useStyles()
  return (
    <InnerLink to={to} className={styles.back}>
      <ArrowLeftRegular aria-hidden="true" /> {t('actions.back')}
    </InnerLink>
  )
}
