import {
  Badge,
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  SearchBox,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { Facts } from '../../shared/facts.js'
import { Panel } from '../../shared/panel.js'
import { ErrorState, LoadingState } from '../../shared/states.js'
import { InstallationDocument, type InstallationQuery } from './generated/graphql.js'
import { ScrollRegion } from './scroll-region.js'

type Setting = InstallationQuery['installation']['settings'][number]

/** Settings that tell how long something is kept. */
const RETENTION = /_DAYS$/

const useStyles = makeStyles({
  sides: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 380px), 1fr))',
    gap: tokens.spacingHorizontalM,
    alignItems: 'start',
  },
  table: { minWidth: '720px' },
  cell: { verticalAlign: 'top', paddingBlock: tokens.spacingVerticalXS, overflowWrap: 'anywhere' },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
  find: { maxWidth: '360px' },
})

/** How this installation is set up: version, the key for secrets, how long what is kept, every setting. */
export function Settings(): ReactNode {
  const { t } = useTranslation('administration')
  const styles = useStyles()
  const [{ data, error }, refetch] = useQuery({ query: InstallationDocument })
  const [text, setText] = useState('')
  if (data === undefined) {
    return error === undefined ? (
      <LoadingState />
    ) : (
      <ErrorState failure={failureOf(error)} retry={() => refetch({ requestPolicy: 'network-only' })} />
    )
  }
  const { version, secretKey, settings } = data.installation
  const wanted = text.trim().toLowerCase()
  const found = settings.filter(({ variable, purpose }) =>
    `${variable} ${purpose}`.toLowerCase().includes(wanted),
  )
  return (
    <>
      <div className={styles.sides}>
        <Panel title={t('settings.about')}>
          <Facts facts={[[t('settings.version'), version]]} />
          <Text weight="semibold" as="h3">
            {t('settings.keyTitle')}
          </Text>
          <MessageBar intent={secretKey.problem == null ? 'success' : 'error'} layout="multiline">
            <MessageBarBody>{secretKey.problem ?? t('settings.keyWell')}</MessageBarBody>
          </MessageBar>
          <Facts
            facts={[
              [t('settings.key'), secretKey.current ?? t('settings.noKey')],
              [t('settings.previous'), secretKey.previous.join(', ')],
            ]}
          />
        </Panel>
        <Panel title={t('settings.retention')}>
          <Facts
            longTerms
            facts={settings
              .filter(({ variable }) => RETENTION.test(variable))
              .map((setting) => [setting.purpose, <Value key={setting.variable} setting={setting} />])}
          />
        </Panel>
      </div>
      <Panel title={t('settings.all')}>
        <Text>{t('settings.hint')}</Text>
        <Field label={t('settings.find')} className={styles.find}>
          <SearchBox value={text} onChange={(_event, { value }) => setText(value)} />
        </Field>
        {found.length === 0 ? (
          <Text>{t('settings.noneFound')}</Text>
        ) : (
          <ScrollRegion label={t('settings.all')}>
            <Table size="small" aria-label={t('settings.all')} className={styles.table}>
              <TableHeader>
                <TableRow>
                  <TableHeaderCell>{t('settings.variable')}</TableHeaderCell>
                  <TableHeaderCell>{t('settings.value')}</TableHeaderCell>
                  <TableHeaderCell>{t('settings.purpose')}</TableHeaderCell>
                </TableRow>
              </TableHeader>
              <TableBody>
                {found.map((setting) => (
                  <TableRow key={setting.variable}>
                    <TableCell className={styles.cell}>
                      <span className={styles.code}>{setting.variable}</span>
                    </TableCell>
                    <TableCell className={styles.cell}>
                      <Value setting={setting} />
                    </TableCell>
                    <TableCell className={styles.cell}>{setting.purpose}</TableCell>
                  </TableRow>
                ))}
              </TableBody>
            </Table>
          </ScrollRegion>
        )}
      </Panel>
    </>
  )
}

function Value({ setting: { value, isSecret, isSet } }: { readonly setting: Setting }): ReactNode {
  const { t } = useTranslation('administration')
  return (
    <>
      {isSecret && isSet ? (
        <Badge appearance="outline">{t('settings.isSecret')}</Badge>
      ) : (
        (value ?? t('settings.nothing'))
      )}{' '}
      {!isSet && value != null && (
        <Badge appearance="tint" color="subtle">
          {t('settings.isDefault')}
        </Badge>
      )}
    </>
  )
}
