import {
  CounterBadge,
  makeStyles,
  mergeClasses,
  NavDrawer,
  NavDrawerBody,
  NavItem,
  NavSectionHeader,
  Link,
  tokens,
} from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useHref, useLocation, useNavigate } from 'react-router'
import { addressOf } from '../api/base.js'
import { useCounters } from '../api/live.js'
import { languageOf } from '../i18n/index.js'
import { GROUPS } from '../page-module.js'
import { PAGES, type RegisteredPage } from '../pages/index.js'
import { formatNumber } from '../shared/quantity.js'

const useStyles = makeStyles({
  drawer: { height: '100%', minWidth: 0, width: '272px' },
  overlay: { maxWidth: '85vw' },
  item: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    width: '100%',
    minWidth: 0,
    gap: tokens.spacingHorizontalS,
  },
  // Of one weight: the page that is selected moves nothing.
  label: { minWidth: 0, lineHeight: '18px', textAlign: 'start', fontWeight: tokens.fontWeightRegular },
  badge: { flexShrink: 0 },
  foot: { padding: tokens.spacingHorizontalM, marginBlockStart: 'auto' },
})

export interface NavigationProps {
  readonly narrow: boolean
  readonly open: boolean
  close(): void
}

/** The pages: beside the content, or above it where there is no room. */
export function Navigation({ narrow, open, close }: NavigationProps): ReactNode {
  const { t } = useTranslation()
  const styles = useStyles()
  const { pathname } = useLocation()
  const selected = pageAt(pathname)?.path
  return (
    <NavDrawer
      type={narrow ? 'overlay' : 'inline'}
      open={!narrow || open}
      onOpenChange={(_event, data) => {
        if (!data.open) close()
      }}
      selectedValue={selected ?? 'none'}
      className={mergeClasses(styles.drawer, narrow && styles.overlay)}
      aria-label={t('navigation.title')}
    >
      <NavDrawerBody>
        {GROUPS.map((group) => {
          const pages = PAGES.filter((page) => page.group === group)
          if (pages.length === 0) return null
          return (
            <div key={group}>
              {group !== 'overview' && (
                <NavSectionHeader as="h2">{t(`navigation.groups.${group}`)}</NavSectionHeader>
              )}
              {pages.map((page) => (
                <PageLink key={page.path} page={page} onFollow={close} />
              ))}
            </div>
          )
        })}
        <div className={styles.foot}>
          <Link href={addressOf('graphiql')}>{t('navigation.graphiql')}</Link>
        </div>
      </NavDrawerBody>
    </NavDrawer>
  )
}

function PageLink({
  page,
  onFollow,
}: {
  readonly page: RegisteredPage
  readonly onFollow: () => void
}): ReactNode {
  const { i18n } = useTranslation()
  const styles = useStyles()
  const navigate = useNavigate()
  const href = useHref(`/${page.path}`)
  const counters = useCounters()
  const { counter, icon: Icon } = page
  const title = page.title[languageOf(i18n.language)]
  const count = counter === undefined ? 0 : [...counters.values()].reduce((sum, row) => sum + row[counter], 0)
  return (
    <NavItem
      as="a"
      href={href}
      value={page.path}
      icon={<Icon fontSize={20} />}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        onFollow()
        void navigate(`/${page.path}`)
      }}
    >
      <span className={styles.item}>
        <span className={styles.label} title={title}>
          {title}
        </span>
        {count > 0 && (
          <CounterBadge className={styles.badge} appearance="filled" color="informative">
            {formatNumber(count, i18n.language)}
          </CounterBadge>
        )}
      </span>
    </NavItem>
  )
}

/** The page that an address belongs to. */
export function pageAt(pathname: string): RegisteredPage | undefined {
  const [first = ''] = pathname.replace(/^\//, '').split('/')
  return PAGES.find(({ path }) => path === first)
}
