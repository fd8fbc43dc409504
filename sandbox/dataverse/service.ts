import { z } from 'zod'
import type { Switch } from '../common/switches.js'
import type { DataverseTable } from './tables.js'
import { DATAVERSE_TABLES } from './tables.js'

export const serviceSchema = z.strictObject({
  /** True: only system administrators are let in. */
  administrationMode: z.boolean().optional(),
  /** The only audience of tokens that is taken; null: any. */
  audience: z.string().nullable().optional(),
  /** Sets whose changes are not tracked. */
  untracked: z
    .array(
      z.string().refine((name) => DATAVERSE_TABLES.some((table) => table.name === name), {
        message: 'is no table of the sandbox',
      }),
    )
    .optional(),
})
type ServiceChange = z.infer<typeof serviceSchema>
type ServiceState = Required<ServiceChange>

const OPEN: ServiceState = { administrationMode: false, audience: null, untracked: [] }

/** Settings of the whole environment that keep clients out or change what they find. */
export class Service {
  private state: ServiceState = OPEN
  private readonly untracked = new Map<string, DataverseTable>()

  get administrationMode(): boolean {
    return this.state.administrationMode
  }

  accepts(audience: string | null): boolean {
    return this.state.audience === null || this.state.audience === audience
  }

  /** A table as the environment has it now. */
  tableNow(table: DataverseTable): DataverseTable {
    if (!this.state.untracked.includes(table.name)) return table
    const known = this.untracked.get(table.name) ?? { ...table, tracksChanges: false }
    this.untracked.set(table.name, known)
    return known
  }

  get switch(): Switch<ServiceChange> {
    return {
      set: (change) => {
        this.state = { ...this.state, ...change }
        return null
      },
      clear: () => {
        this.state = OPEN
      },
      report: () => this.state,
    }
  }
}
