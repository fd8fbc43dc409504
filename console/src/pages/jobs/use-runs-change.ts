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

/** Calls `onChange` when a run of any mapping has begun or ended. */
export function useRunsChange(onChange: () => void): void {
  const client = useClient()
  const mappings = useMappings()
  const current = useRef(onChange)
  useEffect(() => {
    current.current = onChange
  })
  useEffect(() => {
    const ends = mappings.map(({ name, connection }) => {
      let told: string | null = null
      const variables = { mapping: name, connection: connection.name }
      const { unsubscribe } = client.subscription(RunsOfMappingDocument, variables).subscribe(({ data }) => {
        if (data === undefined) return
        const { id, status } = data.runProgress.run
        const now = `${id} ${status}`
        // What is told first is how things stand, which was read already.
        if (told !== null && told !== now) current.current()
        told = now
      })
      return unsubscribe
    })
    return () => {
      for (const end of ends) end()
    }
  }, [client, mappings])
}
