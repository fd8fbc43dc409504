import {
  Button,
  Card,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Radio,
  RadioGroup,
  Spinner,
  Text,
  Subtitle1,
  tokens,
} from '@fluentui/react-components'
import { SearchRegular } from '@fluentui/react-icons'
import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import { FindRecordsDocument, type FindRecordsQuery, type Side } from './generated/graphql.js'
import type { CoupledMapping } from './use-mappings.js'

const SIDES = ['LOCAL', 'INTEGRATION'] as const

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXL,
  },
  form: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalM },
  grow: { flexGrow: 1, flexBasis: '220px', minWidth: 0 },
  list: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
  },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalXS,
    borderBlockEndWidth: '1px',
    borderBlockEndStyle: 'solid',
    borderBlockEndColor: tokens.colorNeutralStroke3,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
})

/** A record that was chosen, by the side it lies on. */
export interface Chosen {
  readonly side: Side
  readonly id: string
  readonly name: string
}

export function tableOf(mapping: CoupledMapping, side: Side): string {
  return side === 'LOCAL'
    ? `${mapping.localTableCaption ?? mapping.localTable} (${mapping.connection.localSystem.caption})`
    : `${mapping.integrationTableCaption ?? mapping.integrationTable} (${mapping.connection.integrationSystem.caption})`
}

export function FindRecord({
  mapping,
  onChoose,
}: {
  readonly mapping: CoupledMapping
  onChoose(record: Chosen): void
}): ReactNode {
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const client = useClient()
  const [text, setText] = useState('')
  const [side, setSide] = useState<Side>('LOCAL')
  const [found, setFound] = useState<FindRecordsQuery['recordStatuses'] | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)

  async function find(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    const { data, error } = await client
      .query(
        FindRecordsDocument,
        { connection: mapping.connection.name, mapping: mapping.name, text: text.trim() },
        { requestPolicy: 'network-only' },
      )
      .toPromise()
    setFailure(error === undefined ? null : failureOf(error))
    setFound(data?.recordStatuses ?? null)
    setBusy(false)
  }

  return (
    <Card className={styles.card}>
      <Subtitle1 as="h2">{t('setUp.record')}</Subtitle1>
      <form className={styles.form} onSubmit={(event) => void find(event)}>
        <Field label={t('setUp.text')} hint={t('setUp.textHint')} className={styles.grow}>
          <Input value={text} onChange={(_event, { value }) => setText(value)} />
        </Field>
        <Button type="submit" icon={<SearchRegular />} disabled={busy || text.trim() === ''}>
          {t('setUp.find')}
        </Button>
      </form>
      {failure !== null && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{failure.message}</MessageBarBody>
        </MessageBar>
      )}
      <div role="status">{busy && <Spinner size="tiny" label={t('looking')} />}</div>
      {found !== null && (
        <ul className={styles.list}>
          {found.map(({ record, message }) => (
            <li key={record.side + (record.id ?? '')} className={styles.row}>
              <span>
                {record.name ?? record.id} <Text className={styles.quiet}>{record.tableCaption}</Text>
                <Text block size={200} className={styles.quiet}>
                  {message}
                </Text>
              </span>
              <Button
                size="small"
                disabled={record.id === null}
                onClick={() =>
                  onChoose({ side: record.side, id: record.id ?? '', name: record.name ?? record.id ?? '' })
                }
              >
                {t('setUp.choose', { name: record.name ?? record.id })}
              </Button>
            </li>
          ))}
          {/^[0-9a-f-]{36}$/i.test(text.trim()) && (
            <li className={styles.row}>
              <Field label={t('setUp.idOf')}>
                <RadioGroup
                  layout="horizontal"
                  value={side}
                  onChange={(_event, { value }) => setSide(value as Side)}
                >
                  {SIDES.map((one) => (
                    <Radio key={one} value={one} label={tableOf(mapping, one)} />
                  ))}
                </RadioGroup>
              </Field>
              <Button size="small" onClick={() => onChoose({ side, id: text.trim(), name: text.trim() })}>
                {t('setUp.byId')}
              </Button>
            </li>
          )}
          {found.length === 0 && <li>{t('setUp.nothingFound')}</li>}
        </ul>
      )}
    </Card>
  )
}
