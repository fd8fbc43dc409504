/** The message of whichever run failed last. */
export const runFailed = (message: string): string => `The last run failed: ${message}`

/** A run that failed and says no more. */
export const RUN_FAILED_SILENTLY = 'The last run failed: see its errors.'

/** Of a mapping. */
export const errorsOver = (count: string, minutes: string, threshold: string): string =>
  `${count} errors were seen in the last ${minutes} minutes, more than ${threshold}.`

/** Of a mapping that has never had a good run. */
export const NO_SUCCESS_YET = 'No run has completed yet.'

/** `since`: the time of the last good run. */
export const noSuccessSince = (since: string): string => `No run has completed since ${since}.`

/** Of a review of deletions. */
export const deletionsWait = (count: string): string =>
  `${count} deletions wait for a person to allow or reject them.`
