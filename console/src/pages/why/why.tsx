import { Button, Field, makeStyles, SearchBox, Text, tokens } from '@fluentui/react-components'
import { QuestionCircleRegular, SearchRegular } from '@fluentui/react-icons'
import { useEffect, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import { useLive } from '../../api/live.js'
import { Page } from '../../shared/page.js'
import { EmptyState, ErrorState, LoadingState } from '../../shared/states.js'
import { WhyDocument } from './generated/graphql.js'
import { StatusCard } from './status-card.js'

const useStyles = makeStyles({
  form: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: tokens.spacingHorizontalM },
  field: { flexGrow: 1, maxWidth: '560px', minWidth: 'min(100%, 240px)' },
  input: { maxWidth: 'none', width: '100%' },
  // Beside the input, whose label stands above it; below it where there is no room.
  button: { '@media (min-width: 560px)': { marginBlockStart: '26px' } },
  cards: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, maxWidth: '960px' },
})

export default function Why(): ReactNode {
  const { t } = useTranslation('why')
  const styles = useStyles()
  const [search, setSearch] = useSearchParams()
  const asked = search.get('text') ?? ''
  const [text, setText] = useState(asked)
  useEffect(() => setText(asked), [asked])

  function ask(event: FormEvent): void {
    event.preventDefault()
    const wanted = text.trim()
    setSearch(wanted === '' ? {} : { text: wanted })
  }

  return (
    <Page title={t('title')} lead={t('lead')}>
      <form className={styles.form} onSubmit={ask} role="search">
        <Field label={t('search')} hint={t('example')} className={styles.field}>
          <SearchBox
            size="large"
            className={styles.input}
            value={text}
            onChange={(_event, { value }) => setText(value)}
          />
        </Field>
        <Button
          type="submit"
          size="large"
          className={styles.button}
          appearance="primary"
          icon={<SearchRegular />}
        >
          {t('ask')}
        </Button>
      </form>
      {asked === '' ? (
        <EmptyState title={t('first')} icon={<QuestionCircleRegular />} />
      ) : (
        <Answers key={asked} text={asked} />
      )}
    </Page>
  )
}

function Answers({ text }: { readonly text: string }): ReactNode {
  const { t } = useTranslation('why')
  const styles = useStyles()
  const [{ data, error, fetching }, refetch] = useQuery({ query: WhyDocument, variables: { text } })
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  useLive(['counters', 'errors'], again)
  if (data === undefined) {
    if (error !== undefined) return <ErrorState failure={failureOf(error)} retry={again} />
    return fetching ? <LoadingState label={t('reading')} /> : null
  }
  const statuses = data.recordStatuses
  if (statuses.length === 0) {
    return (
      <EmptyState title={t('nothing', { text })} icon={<QuestionCircleRegular />}>
        <Text>{t('nothingHint')}</Text>
      </EmptyState>
    )
  }
  return (
    <div className={styles.cards}>
      <Text role="status">{t('found', { count: statuses.length })}</Text>
      {statuses.map((status) => (
        <StatusCard
          key={`${status.mapping.id} ${status.record.side} ${status.record.id ?? ''}`}
          status={status}
          onDone={again}
        />
      ))}
    </div>
  )
}
