import { makeStyles, Tab, TabList } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'

const useStyles = makeStyles({ tabs: { flexWrap: 'wrap', flexShrink: 0 } })

const TABS = { '': 'list', match: 'match', agreement: 'agreement', new: 'setUp' } as const

/** What there is to do with couplings; the choice of mapping goes along. */
export function CouplingTabs(): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const navigate = useNavigate()
  const { pathname, search } = useLocation()
  const [, , rest = ''] = pathname.split('/')
  return (
    <TabList
      className={styles.tabs}
      selectedValue={rest}
      onTabSelect={(_event, { value }) => {
        const before = new URLSearchParams(search)
        const kept = new URLSearchParams()
        for (const key of ['connection', 'mapping']) {
          const chosen = before.get(key)
          if (chosen !== null) kept.set(key, chosen)
        }
        void navigate({
          pathname: `/couplings${value === '' ? '' : `/${String(value)}`}`,
          search: kept.toString(),
        })
      }}
    >
      {Object.entries(TABS).map(([path, name]) => (
        <Tab key={path} value={path}>
          {t(`tabs.${name}`)}
        </Tab>
      ))}
    </TabList>
  )
}
