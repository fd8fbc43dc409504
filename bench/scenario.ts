import { CUSTOMER_MAPPING } from '../src/domain/catalog/default-mappings.js'
import { startAccord } from './accord.js'
import type { Cleanup } from './cleanup.js'
import { measure, type Measurement, type Task } from './measurement.js'
import { Person } from './person.js'
import { startSandboxes } from './sandboxes.js'
import { query, type Servers } from './servers.js'

/** All measurements with that many customers, from empty accounts to edits on both sides. */
export async function runScenario(
  servers: Servers,
  cleanup: Cleanup,
  customers: number,
  onMeasurement: (measurement: Measurement) => void,
): Promise<readonly Measurement[]> {
  const name = `bench_${customers}`
  const sandboxes = await startSandboxes(servers, cleanup, name, customers)
  const accord = await startAccord(servers, cleanup, name, sandboxes)
  for (const dependency of CUSTOMER_MAPPING.dependsOn) await accord.synchronize(dependency)
  const person = await Person.arrive(sandboxes.facts)
  const percent = Math.max(2, Math.round(customers / 100))
  const half = Math.floor(percent / 2)

  const measurements: Measurement[] = []
  const run = async (task: Omit<Task, 'couplings'>): Promise<void> => {
    const measurement = await measure(accord, sandboxes, { ...task, couplings: customers })
    measurements.push(measurement)
    onMeasurement(measurement)
  }

  await run({ what: 'first load', records: customers, direction: 'TO_INTEGRATION_TABLE' })
  await run({ what: 'the run after it, with the echoes', records: 0 })
  await accord.commitDelay()
  await run({ what: 'quiet run', records: 0 })
  await accord.commitDelay()
  await run({ what: 'no change', records: 0 })

  const ids = await query(
    accord.stateDatabase,
    `select local_id, integration_id from coupling where local_table = 'customers' order by md5(local_id) limit $1`,
    [3 * percent],
    (row) => ({ local: String(row['local_id']), integration: String(row['integration_id']) }),
  )
  await person.editCustomers(
    ids.slice(0, percent).map((pair) => pair.local),
    () => ({ addressLine2: 'Edited in Business Central' }),
  )
  await run({ what: '1 % edited in Business Central', records: percent })
  await accord.commitDelay()
  await run({ what: 'quiet run after the edits', records: 0 })

  await accord.commitDelay()
  const both = ids.slice(percent)
  await person.editCustomers(
    both.slice(0, half).map((pair) => pair.local),
    () => ({ city: 'Lisbon' }),
  )
  await person.editAccounts(
    both.slice(half, percent).map((pair) => pair.integration),
    () => ({ telephone1: '+351 21 000 0000' }),
  )
  await run({ what: '1 % edited, half in each system', records: percent })

  await accord.stop()
  await sandboxes.stop()
  return measurements
}
