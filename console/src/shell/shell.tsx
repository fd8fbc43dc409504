import { Button, makeStyles, shorthands, Text, tokens } from '@fluentui/react-components'
import { NavigationRegular } from '@fluentui/react-icons'
import { Suspense, useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Route, Routes, useLocation } from 'react-router'
import { addressOf } from '../api/base.js'
import { languageOf } from '../i18n/index.js'
import { PAGES } from '../pages/index.js'
import { LoadingState, NotFoundState } from '../shared/states.js'
import { AccountMenu } from './account-menu.js'
import { AppearanceMenu } from './appearance-menu.js'
import { CrashBoundary } from './crash-boundary.js'
import { LiveStatus } from './live-status.js'
import { Navigation, pageAt } from './navigation.js'
import { useIsNarrow } from './preferences.js'

export const MAIN = 'content'

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateRows: '48px minmax(0, 1fr)',
    gridTemplateColumns: 'auto minmax(0, 1fr)',
    height: '100dvh',
    backgroundColor: tokens.colorNeutralBackground2,
  },
  header: {
    gridColumn: '1 / -1',
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: `0 ${tokens.spacingHorizontalM}`,
    backgroundColor: tokens.colorNeutralBackground1,
    ...shorthands.borderBottom('1px', 'solid', tokens.colorNeutralStroke2),
  },
  product: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    marginInlineEnd: 'auto',
  },
  side: { gridColumn: 1, minHeight: 0, overflow: 'hidden' },
  main: {
    gridColumn: 2,
    minWidth: 0,
    minHeight: 0,
    overflow: 'auto',
    outlineStyle: 'none',
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalXXL}`,
    '@media (max-width: 899px)': { padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalM}` },
  },
  /** Heard, and not seen. */
  told: {
    position: 'absolute',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
  },
  skip: {
    position: 'absolute',
    insetInlineStart: tokens.spacingHorizontalM,
    insetBlockStart: '-100px',
    zIndex: 1000,
    padding: tokens.spacingHorizontalM,
    color: tokens.colorNeutralForegroundOnBrand,
    backgroundColor: tokens.colorBrandBackground,
    ':focus': { insetBlockStart: tokens.spacingVerticalS },
  },
})

/** Everything around a page: header, navigation, and the place where the page stands. */
export function Shell(): ReactNode {
  const { t } = useTranslation()
  const styles = useStyles()
  const narrow = useIsNarrow()
  const [open, setOpen] = useState(false)
  const { pathname } = useLocation()
  const arrived = useArrival(pathname)
  return (
    <div className={styles.root}>
      <header className={styles.header}>
        <a
          href={`#${MAIN}`}
          className={styles.skip}
          onClick={(event) => {
            event.preventDefault()
            document.getElementById(MAIN)?.focus()
          }}
        >
          {t('skip')}
        </a>
        {narrow && (
          <Button
            appearance="subtle"
            icon={<NavigationRegular />}
            aria-label={t('navigation.open')}
            aria-expanded={open}
            onClick={() => setOpen(true)}
          />
        )}
        <Link to="/" className={styles.product}>
          <img src={addressOf('icon.svg')} alt="" width={24} height={24} />
          <Text weight="semibold" size={400}>
            {t('product')}
          </Text>
        </Link>
        <LiveStatus />
        <AppearanceMenu />
        <AccountMenu />
      </header>
      <div role="status" className={styles.told}>
        {arrived}
      </div>
      <div className={styles.side}>
        <Navigation narrow={narrow} open={open} close={() => setOpen(false)} />
      </div>
      <main id={MAIN} tabIndex={-1} className={styles.main}>
        <CrashBoundary place={pathname}>
          <Suspense fallback={<LoadingState />}>
            <Routes>
              {PAGES.map(({ path, Content }) => (
                <Route key={path} path={path === '' ? '/' : `/${path}/*`} element={<Content />} />
              ))}
              <Route path="*" element={<NotFoundState />} />
            </Routes>
          </Suspense>
        </CrashBoundary>
      </main>
    </div>
  )
}

/**
 * Names the document after the page, and takes the focus to its beginning when somebody goes there; within a page, where what had the
 * focus is gone. Returns what is to be said: the page that somebody has gone to, nothing at first.
 */
function useArrival(pathname: string): string {
  const { i18n } = useTranslation()
  const page = pageAt(pathname)
  const title = page?.title[languageOf(i18n.language)]
  const path = page?.path
  const before = useRef({ path, pathname })
  const [arrived, setArrived] = useState('')
  useEffect(() => {
    document.title = title === undefined ? 'Accord' : `${title} - Accord`
  }, [title])
  useEffect(() => {
    if (before.current.pathname === pathname) return
    const isOther = before.current.path !== path
    before.current = { path, pathname }
    if (isOther) {
      setArrived(title ?? '')
      document.getElementById(MAIN)?.focus()
      return
    }
    if (document.activeElement === null || document.activeElement === document.body)
      document.getElementById(MAIN)?.focus()
    // Where somebody is tells what is said, not in which language.
  }, [path, pathname])
  return arrived
}
