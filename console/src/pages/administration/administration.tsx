import { makeStyles, Tab, TabList } from '@fluentui/react-components'
import { LockClosedRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Route, Routes, useLocation, useNavigate } from 'react-router'
import { useRefusal } from '../../api/session.js'
import { Page } from '../../shared/page.js'
import { EmptyState, NotFoundState } from '../../shared/states.js'
import { Alerts } from './alerts.js'
import { Audit } from './audit.js'
import { Settings } from './settings.js'
import { Tokens } from './tokens.js'
import { Users } from './users.js'

const TABS = ['users', 'tokens', 'audit', 'alerts', 'settings'] as const
type TabName = (typeof TABS)[number]

const useStyles = makeStyles({ tabs: { flexWrap: 'wrap', flexShrink: 0 } })

export default function Administration(): ReactNode {
  const { t } = useTranslation('administration')
  const styles = useStyles()
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const shown: TabName = TABS.find((tab) => pathname.endsWith(`/${tab}`)) ?? 'users'
  return (
    <Page title={t('title')} lead={t('lead')} fill={shown === 'audit' || shown === 'users'}>
      <TabList
        className={styles.tabs}
        aria-label={t('tabs.label')}
        selectedValue={shown}
        onTabSelect={(_event, { value }) => void navigate(`/administration/${value as string}`)}
      >
        {TABS.map((tab) => (
          <Tab key={tab} value={tab}>
            {t(`tabs.${tab}`)}
          </Tab>
        ))}
      </TabList>
      <Routes>
        <Route index element={<ForAdministrators content={Users} />} />
        <Route path="users" element={<ForAdministrators content={Users} />} />
        <Route path="tokens" element={<ForAdministrators content={Tokens} />} />
        <Route path="audit" element={<ForAdministrators content={Audit} />} />
        <Route path="alerts" element={<Alerts />} />
        <Route path="settings" element={<ForAdministrators content={Settings} />} />
        <Route path="*" element={<NotFoundState />} />
      </Routes>
    </Page>
  )
}

/** What the server tells administrators alone; to everybody else the reason why it is not shown. */
function ForAdministrators({ content: Content }: { readonly content: () => ReactNode }): ReactNode {
  const refusal = useRefusal('ADMINISTRATOR')
  return refusal === null ? <Content /> : <EmptyState title={refusal} icon={<LockClosedRegular />} />
}
