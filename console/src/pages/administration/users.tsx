import { Badge, Button, Select, Text } from '@fluentui/react-components'
import { PeopleRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession, type Role } from '../../api/session.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { DataTable } from '../../shared/data-table.js'
import { Instant } from '../../shared/instant.js'
import { EmptyState } from '../../shared/states.js'
import { useAction } from '../../shared/use-action.js'
import { usePages } from '../../shared/use-pages.js'
import { useIsNarrow } from '../../shell/preferences.js'
import {
  DisableUserDocument,
  EnableUserDocument,
  SetUserRoleDocument,
  UsersDocument,
  type SomebodyFragment,
} from './generated/graphql.js'

export const ROLES = ['VIEWER', 'OPERATOR', 'ADMINISTRATOR'] as const satisfies readonly Role[]

/** Whoever has signed in, with the role that counts, which can be given here. */
export function Users(): ReactNode {
  const { t } = useTranslation(['administration', 'console'])
  const narrow = useIsNarrow()
  const { principal } = useSession()
  const { act, busy } = useAction()
  const [disabling, setDisabling] = useState<SomebodyFragment | null>(null)
  const pages = usePages({ query: UsersDocument, variables: {}, connection: ({ users }) => users })
  const roleName = (role: Role | null | undefined): string =>
    role == null ? t('users.noRole') : t(`console:session.roles.${role}`)

  async function give(user: SomebodyFragment, role: Role | null): Promise<void> {
    const done = await act(
      SetUserRoleDocument,
      { id: user.id, version: user.version, role },
      {
        done: t('users.told', { name: user.name, role: roleName(role ?? user.claimedRole) }),
      },
    )
    if (done !== null) pages.reload()
  }

  async function disable(user: SomebodyFragment): Promise<void> {
    await act(
      DisableUserDocument,
      { id: user.id, version: user.version },
      { done: t('users.toldDisabled', { name: user.name }) },
    )
    setDisabling(null)
    pages.reload()
  }

  async function enable(user: SomebodyFragment): Promise<void> {
    await act(
      EnableUserDocument,
      { id: user.id, version: user.version },
      { done: t('users.toldEnabled', { name: user.name }) },
    )
    pages.reload()
  }

  return (
    <>
      <DataTable
        label={t('tabs.users')}
        pages={pages}
        narrow={narrow}
        id={({ id }) => id}
        name={({ name }) => name}
        columns={[
          { id: 'name', title: t('users.name'), width: 'minmax(140px, 1.5fr)', cell: ({ name }) => name },
          {
            id: 'email',
            title: t('users.email'),
            width: 'minmax(160px, 1.5fr)',
            wideOnly: true,
            cell: ({ email }) => email,
          },
          {
            id: 'role',
            title: t('users.role'),
            width: '260px',
            cell: (user) => (
              <Select
                size="small"
                aria-label={t('users.roleOf', { name: user.name })}
                disabled={busy}
                value={user.givenRole ?? ''}
                onChange={(_event, { value }) =>
                  void give(user, ROLES.find((role) => role === value) ?? null)
                }
              >
                <option value="">{t('users.asClaimed', { role: roleName(user.claimedRole) })}</option>
                {ROLES.map((role) => (
                  <option key={role} value={role}>
                    {roleName(role)}
                  </option>
                ))}
              </Select>
            ),
          },
          {
            id: 'seen',
            title: t('users.seen'),
            width: '150px',
            cell: ({ lastSeenAt }) => <Instant at={lastSeenAt} as="ago" />,
          },
          {
            id: 'state',
            title: t('users.state'),
            width: '160px',
            cell: ({ disabledAt }) => (
              <Badge appearance="tint" color={disabledAt == null ? 'success' : 'danger'}>
                {t(disabledAt == null ? 'users.enabled' : 'users.disabled')}
              </Badge>
            ),
          },
          {
            id: 'actions',
            title: '',
            width: '130px',
            cell: (user) =>
              user.disabledAt != null ? (
                <Button size="small" disabled={busy} onClick={() => void enable(user)}>
                  {t('users.enable')}
                </Button>
              ) : (
                <Button
                  size="small"
                  disabledFocusable={busy || user.id === principal.id}
                  title={user.id === principal.id ? t('users.self') : ''}
                  onClick={() => setDisabling(user)}
                >
                  {t('users.disable')}
                </Button>
              ),
          },
        ]}
        empty={
          <EmptyState title={t('users.none')} icon={<PeopleRegular />}>
            <Text>{t('users.noneHint')}</Text>
          </EmptyState>
        }
      />
      {disabling !== null && (
        <ConfirmDialog
          open
          title={t('users.disableTitle', { name: disabling.name })}
          confirm={t('users.disable')}
          onConfirm={() => disable(disabling)}
          onClose={() => setDisabling(null)}
        >
          {t('users.disableBody')}
        </ConfirmDialog>
      )}
    </>
  )
}
