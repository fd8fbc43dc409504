import {
  Button,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components'
import { SearchRegular } from '@fluentui/react-icons'
import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import { FindRecordsDocument, type FindRecordsQuery, type Side } from './generated/graphql.js'
import { RecordRow, useRowStyles } from './record-row.js'
import type { CoupledMapping } from './use-mappings.js'

/** As the ids of both systems are written. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const useStyles = makeStyles({
  form: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: tokens.spacingHorizontalM },
  // Beside the input, whose label stands above it.
  find: { '@media (min-width: 560px)': { marginBlockStart: '26px' } },
  grow: { flexGrow: 1, flexBasis: '220px', minWidth: 0 },
})

/** A record that was chosen, by the side it lies on. */
export interface Chosen {
  readonly side: Side
  readonly id: string
  readonly name: string
}

export interface RecordSearchProps {
  readonly mapping: CoupledMapping
  readonly side: Side
  readonly label: string
  /** What the button at a record says. */
  actionFor(name: string): string
  onChoose(record: Chosen): void
}

/** Looks for records in the table of a side, coupled or not, by name, number or id. */
export function RecordSearch(props: RecordSearchProps): ReactNode {
  const { mapping, side, label, actionFor, onChoose } = props
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const rows = useRowStyles()
  const client = useClient()
  const [text, setText] = useState('')
  const [found, setFound] = useState<FindRecordsQuery['findRecords'] | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)
  const searched = text.trim()

  async function find(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (ID.test(searched)) {
      onChoose({ side, id: searched, name: searched })
      return
    }
    setBusy(true)
    const { data, error } = await client
      .query(
        FindRecordsDocument,
        { connection: mapping.connection.name, mapping: mapping.name, side, text: searched },
        { requestPolicy: 'network-only' },
      )
      .toPromise()
    setFailure(error === undefined ? null : failureOf(error))
    setFound(data?.findRecords ?? null)
    setBusy(false)
  }

  return (
    <>
      <form className={styles.form} role="search" onSubmit={(event) => void find(event)}>
        <Field label={label} hint={t('setUp.textHint')} className={styles.grow}>
          <Input value={text} maxLength={80} onChange={(_event, { value }) => setText(value)} />
        </Field>
        <Button
          type="submit"
          className={styles.find}
          icon={<SearchRegular />}
          disabled={busy || searched === ''}
        >
          {t('setUp.find')}
        </Button>
      </form>
      {failure !== null && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            {failure.message} {failure.remedy}
          </MessageBarBody>
        </MessageBar>
      )}
      <div role="status">
        {busy && <Spinner size="tiny" label={t('looking')} />}
        {!busy && found?.records.length === 0 && <Text>{t('setUp.nothingFound')}</Text>}
        {!busy && found?.isComplete === false && <Text>{t('setUp.notComplete')}</Text>}
      </div>
      {found !== null && found.records.length > 0 && (
        <ul className={rows.list}>
          {found.records.map((one) => {
            const { id } = one.record
            const name = one.record.name ?? id ?? ''
            return (
              <RecordRow
                key={id}
                found={one}
                action={actionFor(name)}
                onChoose={() => onChoose({ side, id: id ?? '', name })}
              />
            )
          })}
        </ul>
      )}
    </>
  )
}
