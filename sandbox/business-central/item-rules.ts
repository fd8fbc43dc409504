import { dialogError } from './errors.js'
import type { LoadRules } from './rules.js'
import { NO_RULES } from './rules.js'

/** A new item has no inventory; a later change of it stands for the posting that Business Central makes of it. */
export const loadItemRules: LoadRules = async () => ({
  ...NO_RULES,
  judge(_next, before, changes) {
    if (before === null && changes.has('inventory'))
      throw dialogError('Inventory cannot be changed during on insert.')
  },
})
