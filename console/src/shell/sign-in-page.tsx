import { Button, Card, makeStyles, Text, Title2, tokens } from '@fluentui/react-components'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { addressOf, BASE, signsInByProvider } from '../api/base.js'
import { AppearanceMenu } from './appearance-menu.js'

const useStyles = makeStyles({
  root: {
    display: 'grid',
    placeItems: 'center',
    minHeight: '100dvh',
    boxSizing: 'border-box',
    padding: tokens.spacingHorizontalL,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  card: {
    width: '100%',
    maxWidth: '440px',
    boxSizing: 'border-box',
    padding: '32px',
    rowGap: tokens.spacingVerticalL,
  },
  command: {
    display: 'block',
    padding: tokens.spacingHorizontalM,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
  },
  corner: {
    position: 'fixed',
    insetBlockStart: tokens.spacingVerticalM,
    insetInlineEnd: tokens.spacingHorizontalM,
  },
})

/** What somebody sees who has not signed in. */
export function SignInPage(): ReactNode {
  const { t } = useTranslation()
  const styles = useStyles()
  useEffect(() => {
    document.title = t('session.title')
  }, [t])
  const to = `${location.pathname}${location.search}${location.hash}`
  useEffect(() => wish(to), [to])
  return (
    <main className={styles.root}>
      <div className={styles.corner}>
        <AppearanceMenu />
      </div>
      <Card className={styles.card}>
        <img src={addressOf('icon.svg')} alt="" width={48} height={48} />
        <Title2 as="h1">{t('session.title')}</Title2>
        <Text>{t('session.lead')}</Text>
        {signsInByProvider ? (
          <Button
            as="a"
            appearance="primary"
            size="large"
            href={`${addressOf('sign-in')}?${new URLSearchParams({ to })}`}
          >
            {t('session.byProvider')}
          </Button>
        ) : (
          <div>
            <Text block>{t('session.byLink')}</Text>
            <code className={styles.command}>npx accord sign-in</code>
          </div>
        )}
      </Card>
    </main>
  )
}

/** Seconds for which a sign-in link is good. */
const LINK_LIFETIME = 600

/** Has a sign-in link, in whichever tab it is opened, lead to where somebody was going. */
function wish(place: string): void {
  const age = place === BASE ? 0 : LINK_LIFETIME
  document.cookie = `accord_return_to=${encodeURIComponent(place)}; Path=${BASE}sign-in/link; Max-Age=${age}; SameSite=Lax`
}
