import { Dropdown, Field, makeStyles, Option, SearchBox } from '@fluentui/react-components'
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'

/** Milliseconds without a key until what was typed is looked for. */
const TYPED = 300

const useStyles = makeStyles({
  choice: { minWidth: '180px', flexBasis: '180px' },
  dropdown: { minWidth: 0 },
  search: { minWidth: '200px', flexGrow: 1, maxWidth: '360px' },
})

/** What a list is narrowed down to stands in the address, so that a link shows the same list. Null: everything. */
export function useFilter(name: string): readonly [string | null, (value: string | null) => void] {
  const [parameters, setParameters] = useSearchParams()
  const set = useCallback(
    (value: string | null) =>
      setParameters(
        (before) => {
          const after = new URLSearchParams(before)
          if (value === null || value === '') after.delete(name)
          else after.set(name, value)
          return after
        },
        { replace: true },
      ),
    [name, setParameters],
  )
  return [parameters.get(name), set]
}

export interface FilterChoiceProps {
  /** Its name in the address. */
  readonly name: string
  readonly label: string
  readonly options: readonly { readonly value: string; readonly text: string }[]
  /** What is shown where nothing is chosen. Left out: all. */
  readonly initial?: string
}

export function FilterChoice({ name, label, options, initial }: FilterChoiceProps): ReactNode {
  const { t } = useTranslation()
  const styles = useStyles()
  const [chosen, choose] = useFilter(name)
  const all = initial === undefined ? [{ value: '', text: t('filter.all') }, ...options] : options
  const value = chosen ?? initial ?? ''
  return (
    <Field label={label} className={styles.choice}>
      <Dropdown
        className={styles.dropdown}
        value={all.find((option) => option.value === value)?.text ?? value}
        selectedOptions={[value]}
        onOptionSelect={(_event, { optionValue = '' }) =>
          choose(optionValue === initial ? null : optionValue)
        }
      >
        {all.map((option) => (
          <Option key={option.value} value={option.value}>
            {option.text}
          </Option>
        ))}
      </Dropdown>
    </Field>
  )
}

export function FilterSearch({ name, label }: { readonly name: string; readonly label: string }): ReactNode {
  const styles = useStyles()
  const [searched, search] = useFilter(name)
  const [typed, setTyped] = useState(searched ?? '')
  /** What this box has put into the address last. */
  const sent = useRef(searched ?? '')
  useEffect(() => {
    // Somebody has cleared the filters, or gone to another address of the page: the box shows what is searched for there.
    if (sent.current === (searched ?? '')) return
    sent.current = searched ?? ''
    setTyped(searched ?? '')
  }, [searched])
  useEffect(() => {
    if (typed === sent.current) return undefined
    const timer = setTimeout(() => {
      sent.current = typed
      search(typed)
    }, TYPED)
    return () => clearTimeout(timer)
  }, [typed, search])
  return (
    <Field label={label} className={styles.search}>
      <SearchBox value={typed} onChange={(_event, { value }) => setTyped(value)} />
    </Field>
  )
}
