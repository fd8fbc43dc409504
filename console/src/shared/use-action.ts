import { useCallback, useState } from 'react'
import { useClient, type AnyVariables, type DocumentInput } from 'urql'
import { failureOf } from '../api/failure.js'
import { useNotify } from './toasts.js'

export interface ActionOptions {
  /** Told when it was done. */
  readonly done?: string
}

export interface Actions {
  /** One of them is under way. */
  readonly busy: boolean
  /** Carries a mutation out. Null: it was refused or failed, which was told beside the page. */
  act<Data, Variables extends AnyVariables>(
    document: DocumentInput<Data, Variables>,
    variables: Variables,
    options?: ActionOptions,
  ): Promise<Data | null>
}

/** What buttons do: a mutation, with what became of it told in words. */
export function useAction(): Actions {
  const client = useClient()
  const notify = useNotify()
  const [running, setRunning] = useState(0)
  const act = useCallback<Actions['act']>(
    async (document, variables, { done } = {}) => {
      setRunning((count) => count + 1)
      try {
        const { data, error } = await client.mutation(document, variables).toPromise()
        if (error !== undefined || data === undefined) {
          const failure = error === undefined ? null : failureOf(error)
          const body = [failure?.cause, failure?.remedy].filter((text) => text != null).join(' ')
          notify({
            intent: 'error',
            title: failure?.message ?? '',
            ...(body === '' ? {} : { body }),
          })
          return null
        }
        if (done !== undefined) notify({ intent: 'success', title: done })
        return data
      } finally {
        setRunning((count) => count - 1)
      }
    },
    [client, notify],
  )
  return { busy: running > 0, act }
}
