import { Button, makeStyles, Text, Title3, tokens } from '@fluentui/react-components'
import { Component, type ErrorInfo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  readonly children: ReactNode
  /** Another value tries again, as when somebody goes to another page. */
  readonly place?: string
}

/** Tells of an error that nobody has foreseen, in place of an empty page. */
export class CrashBoundary extends Component<Props, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override componentDidCatch(error: unknown, { componentStack }: ErrorInfo): void {
    console.error(error, componentStack)
  }

  override componentDidUpdate({ place }: Props): void {
    if (this.props.place !== place && this.state.error !== null) this.setState({ error: null })
  }

  override render(): ReactNode {
    const { error } = this.state
    return error === null ? this.props.children : <Crashed error={error} />
  }
}

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXXL,
  },
})

function Crashed({ error }: { readonly error: Error }): ReactNode {
  const { t } = useTranslation()
  const styles = useStyles()
  return (
    <div role="alert" className={styles.root}>
      <Title3 as="h1">{t('state.crashed')}</Title3>
      <Text>{t('state.crashedRemedy')}</Text>
      <Text font="monospace">{error.message}</Text>
      <Button appearance="primary" onClick={() => location.reload()}>
        {t('state.reload')}
      </Button>
    </div>
  )
}
