import fc from 'fast-check'

/**
 * The same cases in every run, so that a red run is red again: ACCORD_TEST_SEED=<number> tries other ones. fast-check tells the
 * seed of a property that failed, whichever it was.
 */
const seed = Number(process.env['ACCORD_TEST_SEED'] ?? 20_261_123)
if (!Number.isInteger(seed)) throw new Error('ACCORD_TEST_SEED must be a whole number, like 42.')
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed })
