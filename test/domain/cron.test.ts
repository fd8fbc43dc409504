import { expect, test } from 'vitest'
import { CUSTOMER_MAPPING, CURRENCY_MAPPING } from '../../src/domain/catalog/default-mappings.js'
import { tableOf } from '../../src/domain/catalog/tables.js'
import type { MappingDefinition } from '../../src/domain/mapping.js'
import { validateMapping } from '../../src/domain/validate-mapping.js'

const problemsOf = (expression: string): readonly string[] => {
  const definition: MappingDefinition = {
    ...CURRENCY_MAPPING,
    schedule: { kind: 'cron', expression, timeZone: 'Europe/Berlin' },
  }
  const tables = {
    LOCAL: tableOf('BUSINESS_CENTRAL', definition.localTable),
    INTEGRATION: tableOf('DATAVERSE', definition.integrationTable),
  }
  return validateMapping(definition, tables, [CUSTOMER_MAPPING])
    .filter((problem) => problem.path.startsWith('schedule'))
    .map((problem) => problem.message)
}

test.each(['0 6 * * 1-5', '*/10 7-19 * * MON-FRI', '5,35 * 1 jan *'])(
  'the schedule %s is taken',
  (expression) => {
    expect(problemsOf(expression)).toEqual([])
  },
)

test.each(['0 0 L * *', '0 0 ? * 1', 'H 0 * * *', '0 0 * * 5L', '0 0 * * 5#2', '* * * *'])(
  'the schedule %s, which the scheduler would refuse, is told when the mapping is saved',
  (expression) => {
    expect(problemsOf(expression)).toEqual([expect.stringContaining('is no cron expression')])
  },
)
