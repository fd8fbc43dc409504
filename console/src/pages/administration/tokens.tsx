import {
  Badge,
  Button,
  Checkbox,
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens as design,
} from '@fluentui/react-components'
import { AddRegular, KeyRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { Instant } from '../../shared/instant.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { useAction } from '../../shared/use-action.js'
import {
  RevokeTokenDocument,
  TokensDocument,
  type CreateTokenMutation,
  type TokenFragment,
} from './generated/graphql.js'
import { ScrollRegion } from './scroll-region.js'
import { ShownOnce } from './shown-once.js'
import { TokenForm } from './token-form.js'

const COLUMNS = ['name', 'prefix', 'role', 'connection', 'created', 'expires', 'used', 'state'] as const

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: design.spacingHorizontalM },
  table: { minWidth: '960px' },
  name: { width: '11%' },
  begins: { width: '12%' },
  role: { width: '10%' },
  connection: { width: '7.5%' },
  created: { width: '9.5%' },
  expires: { width: '13.5%' },
  used: { width: '8%' },
  state: { width: '6%' },
  revoke: { width: '7.2%' },
  prefix: { fontFamily: design.fontFamilyMonospace, whiteSpace: 'nowrap' },
})

/** What programs sign in with: made here, shown once, revoked. */
export function Tokens(): ReactNode {
  const { t } = useTranslation('administration')
  const styles = useStyles()
  const widths: Readonly<Record<(typeof COLUMNS)[number], string>> = { ...styles, prefix: styles.begins }
  const [includeEnded, setIncludeEnded] = useState(false)
  const [creating, setCreating] = useState(false)
  const [created, setCreated] = useState<CreateTokenMutation['createAccessToken'] | null>(null)
  const [{ data, error }, refetch] = useQuery({ query: TokensDocument, variables: { includeEnded } })
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  return (
    <>
      <div className={styles.bar}>
        <Button appearance="primary" icon={<AddRegular />} onClick={() => setCreating(true)}>
          {t('tokens.create')}
        </Button>
        <Checkbox
          label={t('tokens.ended')}
          checked={includeEnded}
          onChange={(_event, { checked }) => setIncludeEnded(checked === true)}
        />
      </div>
      {data === undefined ? (
        error === undefined ? (
          <LoadingState />
        ) : (
          <ErrorState failure={failureOf(error)} retry={again} />
        )
      ) : data.accessTokens.length === 0 ? (
        <EmptyState title={t('tokens.none')} icon={<KeyRegular />}>
          <Text>{t('tokens.noneHint')}</Text>
        </EmptyState>
      ) : (
        <ScrollRegion label={t('tabs.tokens')}>
          <Table aria-label={t('tabs.tokens')} className={styles.table}>
            <TableHeader>
              <TableRow>
                {COLUMNS.map((column) => (
                  <TableHeaderCell key={column} className={widths[column]}>
                    {t(`tokens.${column}`)}
                  </TableHeaderCell>
                ))}
                <TableHeaderCell aria-label={t('tokens.revoke')} className={styles.revoke} />
              </TableRow>
            </TableHeader>
            <TableBody>
              {data.accessTokens.map((token) => (
                <TokenRow key={token.id} token={token} onDone={again} />
              ))}
            </TableBody>
          </Table>
        </ScrollRegion>
      )}
      {creating && (
        <TokenForm
          onClose={() => setCreating(false)}
          onCreated={(made) => {
            setCreating(false)
            setCreated(made)
            again()
          }}
        />
      )}
      {created !== null && (
        <ShownOnce
          title={t('tokens.shownTitle', { name: created.accessToken.name })}
          hint={t('tokens.shownOnce')}
          label={t('tokens.token')}
          secret={created.token}
          onClose={() => setCreated(null)}
        />
      )}
    </>
  )
}

function TokenRow({
  token,
  onDone,
}: {
  readonly token: TokenFragment
  readonly onDone: () => void
}): ReactNode {
  const { t } = useTranslation(['administration', 'console'])
  const styles = useStyles()
  const { act } = useAction()
  const [asking, setAsking] = useState(false)
  const { name, revokedAt, expiresAt } = token
  const state =
    revokedAt != null
      ? 'revoked'
      : expiresAt != null && Date.parse(expiresAt) < Date.now()
        ? 'expired'
        : 'good'

  async function revoke(): Promise<void> {
    await act(RevokeTokenDocument, { id: token.id }, { done: t('tokens.toldRevoked', { name }) })
    setAsking(false)
    onDone()
  }

  return (
    <TableRow>
      <TableCell>{name}</TableCell>
      <TableCell className={styles.prefix}>{token.prefix}…</TableCell>
      <TableCell>{t(`console:session.roles.${token.role}`)}</TableCell>
      <TableCell>{token.connection?.name ?? t('tokens.all')}</TableCell>
      <TableCell>
        <Instant at={token.createdAt} as="ago" /> ({token.createdBy})
      </TableCell>
      <TableCell>
        <Instant at={expiresAt} as="short" none={t('tokens.never')} />
      </TableCell>
      <TableCell>
        <Instant at={token.lastUsedAt} none={t('tokens.never')} as="ago" />
      </TableCell>
      <TableCell>
        <Badge
          appearance="tint"
          color={state === 'good' ? 'success' : state === 'revoked' ? 'danger' : 'warning'}
        >
          {t(`tokens.${state}`)}
        </Badge>
      </TableCell>
      <TableCell>
        {state === 'good' && (
          <Button size="small" onClick={() => setAsking(true)}>
            {t('tokens.revoke')}
          </Button>
        )}
        <ConfirmDialog
          open={asking}
          title={t('tokens.revokeTitle', { name })}
          confirm={t('tokens.revoke')}
          onConfirm={revoke}
          onClose={() => setAsking(false)}
        >
          {t('tokens.revokeBody')}
        </ConfirmDialog>
      </TableCell>
    </TableRow>
  )
}
