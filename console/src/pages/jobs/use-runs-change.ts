import { useEffect, useRef } from 'react'
import { useClient, useQuery } from 'urql'
import { JobMappingsDocument, RunsOfMappingDocument, type JobMappingsQuery } from './generated/graphql.js'

export type JobMapping = JobMappingsQuery['integrationTableMappings'][number]

/** Every mapping there is, for filters and to hear of its runs. */
export function useMappings(): readonly JobMapping[] {
  const [{ data }] = useQuery({ query: JobMappingsDocument })
  return data?.integrationTableMappings ?? NO_MAPPINGS
}

const NO_MAPPINGS: readonly JobMapping[] = []

/** Milliseconds that changes are gathered for. */
const GATHERED = 200

/** Calls `onChange` when a run of any mapping has begun or ended, once for many changes. */
export function useRunsChange(onChange: () => void): void {
  const client = useClient()
  const mappings = useMappings()
  const current = useRef(onChange)
  useEffect(() => {
    current.current = onChange
  })
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const ends = mappings.map(({ name, connection }) => {
      let told: string | null = null
      const variables = { mapping: name, connection: connection.name }
      const { unsubscribe } = client.subscription(RunsOfMappingDocument, variables).subscribe(({ data }) => {
        if (data === undefined) return
        const { id, status } = data.runProgress.run
        const now = `${id} ${status}`
        if (told === now) return
        told = now
        // What is told first may be newer than what was read before.
        clearTimeout(timer)
        timer = setTimeout(() => current.current(), GATHERED)
      })
      return unsubscribe
    })
    return () => {
      clearTimeout(timer)
      for (const end of ends) end()
    }
  }, [client, mappings])
}
