import { loadContactRules } from './contact-rules.js'
import { loadItemRules } from './item-rules.js'
import type { LoadRules, RuleContext, Rules } from './rules.js'
import { NO_RULES } from './rules.js'
import type { BusinessCentralTable } from './table.js'
import { loadCustomerRules, loadVendorRules } from './trade-rules.js'

const RULES: Readonly<Record<string, LoadRules>> = {
  customers: loadCustomerRules,
  vendors: loadVendorRules,
  contacts: loadContactRules,
  items: loadItemRules,
}

/** The rules of a table, ready to judge the writes of the context. */
export function loadRules(table: BusinessCentralTable, context: RuleContext): Promise<Rules> {
  return RULES[table.name]?.(context) ?? Promise.resolve(NO_RULES)
}
