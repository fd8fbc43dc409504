import { Button, makeStyles, Spinner, Text, Title3, tokens } from '@fluentui/react-components'
import { CheckmarkCircleRegular, DismissCircleRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { UNREACHABLE, type Failure } from '../api/failure.js'
import { InnerLink } from './inner-link.js'

const useStyles = makeStyles({
  state: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    textAlign: 'center',
    gap: tokens.spacingVerticalS,
    padding: `${tokens.spacingVerticalXXXL} ${tokens.spacingHorizontalL}`,
    maxWidth: '640px',
    marginInline: 'auto',
    '& > .fui-Text': { textAlign: 'center' },
  },
  icon: { fontSize: '40px', color: tokens.colorNeutralForeground3 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  facts: {
    display: 'grid',
    gridTemplateColumns: 'auto 1fr',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    textAlign: 'start',
    margin: 0,
  },
  term: { fontWeight: tokens.fontWeightSemibold },
  definition: { margin: 0, overflowWrap: 'anywhere' },
})

export function LoadingState({ label }: { readonly label?: string }): ReactNode {
  const { t } = useTranslation()
  const styles = useStyles()
  return (
    <div className={styles.state}>
      <Spinner label={label ?? t('state.loading')} />
    </div>
  )
}

export interface EmptyStateProps {
  readonly title: string
  readonly children?: ReactNode
  /** What stands there in place of the mark that all is well. */
  readonly icon?: ReactNode
  /** It is all that the page holds. */
  readonly isPage?: boolean
}

/** There is nothing, which may be good news. */
export function EmptyState({
  title,
  children,
  icon = <CheckmarkCircleRegular />,
  isPage = false,
}: EmptyStateProps): ReactNode {
  const styles = useStyles()
  return (
    <div className={styles.state}>
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
      <Text as={isPage ? 'h1' : 'h2'} size={500} weight="semibold">
        {title}
      </Text>
      {children}
    </div>
  )
}

export interface ErrorStateProps {
  readonly failure: Failure
  readonly retry?: () => void
}

/** What went wrong, by class, cause and remedy, with a way to try again. */
export function ErrorState({ failure, retry }: ErrorStateProps): ReactNode {
  const { t } = useTranslation()
  const styles = useStyles()
  if (failure.missing)
    return <MissingState {...(failure.code === 'NOT_FOUND' && { message: failure.message })} />
  const unreachable = failure.code === UNREACHABLE
  const remedy = unreachable ? t('state.unreachableRemedy') : failure.remedy
  return (
    <div role="alert" className={styles.state}>
      <DismissCircleRegular className={`${styles.icon} ${styles.bad}`} aria-hidden="true" />
      <Title3 as="h2">{t(unreachable ? 'state.unreachable' : 'state.failed')}</Title3>
      {/* Of a server that is not reached nobody but the browser says something, each in words of its own. */}
      {!unreachable && <Text>{failure.message}</Text>}
      <dl className={styles.facts}>
        {!unreachable && <Fact term={t('state.code')}>{failure.code}</Fact>}
        {failure.cause !== null && <Fact term={t('state.cause')}>{failure.cause}</Fact>}
        {remedy !== null && <Fact term={t('state.remedy')}>{remedy}</Fact>}
      </dl>
      {retry !== undefined && <Button onClick={retry}>{t('state.retry')}</Button>}
    </div>
  )
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }): ReactNode {
  const styles = useStyles()
  return (
    <>
      <dt className={styles.term}>{term}</dt>
      <dd className={styles.definition}>{children}</dd>
    </>
  )
}

/** What the address names is not there: trying again would not help. */
function MissingState({ message }: { readonly message?: string }): ReactNode {
  const { t } = useTranslation()
  return (
    <EmptyState title={t('state.missing')} icon={<DismissCircleRegular />}>
      {message !== undefined && <Text>{message}</Text>}
      <Text>{t('state.missingHint')}</Text>
      <InnerLink to="/">{t('state.home')}</InnerLink>
    </EmptyState>
  )
}

export function NotFoundState(): ReactNode {
  const { t } = useTranslation()
  return (
    <EmptyState isPage title={t('state.notFound')} icon={<DismissCircleRegular />}>
      <Text>{t('state.notFoundHint')}</Text>
      <InnerLink to="/">{t('state.home')}</InnerLink>
    </EmptyState>
  )
}
