/** The public names of workflows, signals and queries. Changing one needs an ADR and a replay test. */
export const RUN_MAPPING = 'runMapping'

/** Asks a run to stop after the page at hand. */
export const CANCEL_SIGNAL = 'cancelSynchRun'

/** `runId`: a run that was asked for. `mappingId`: the schedule of that mapping is due. */
export interface RunMappingInput {
  readonly runId: string | null
  readonly mappingId: string | null
  /** Set when a long run goes on in a new execution: where it stands. */
  readonly resume?: RunMappingProgress
}

/** JSON-safe: it crosses continue-as-new. */
export interface RunMappingProgress {
  /** Index of the pass under way. */
  readonly pass: number
  readonly jobId: string
  /** The next page to process. */
  readonly page: number
}
