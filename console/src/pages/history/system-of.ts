import type { WriteFragment } from './generated/graphql.js'

/** What people call the system on one side of the pair that a write was about. */
export function systemOf({ mapping }: WriteFragment, side: WriteFragment['side']): string {
  const { localSystem, integrationSystem } = mapping.connection
  return (side === 'LOCAL' ? localSystem : integrationSystem).caption
}
