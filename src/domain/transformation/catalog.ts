import type { TransformationRuleType } from './rule.js'
import { RULE_TYPES } from './rule-types.js'
import type { TransformationRuleTypeInfo, TransformationSetting } from './setting.js'

/** Every rule type, in the order in which they are shown. */
export const TRANSFORMATION_RULE_TYPES: readonly TransformationRuleTypeInfo[] = Object.entries(
  RULE_TYPES,
).map(([type, { settings, ...described }]) => ({
  type: type as TransformationRuleType,
  ...described,
  settings: Object.entries<Omit<TransformationSetting, 'name'>>(settings).map(([name, setting]) => ({
    name,
    ...setting,
  })),
}))

/** Business Central's rule types that cannot be carried, with the reason and what to use instead. */
export const REFUSED_RULE_TYPES = {
  CUSTOM:
    'runs code of an extension inside of Business Central, which cannot be run here. Use the other types, one after the other, or a LOOKUP_LIST',
  FIELD_LOOKUP:
    'reads a table of Business Central for each value, which rules cannot do: they know the value alone. List the values in a LOOKUP_LIST: {"type": "LOOKUP_LIST", "entries": [{"from": "UK", "to": "GB"}]}. For a reference to another record use the field mapping’s lookup',
} as const satisfies Readonly<Record<string, string>>

export function infoOf(type: TransformationRuleType): TransformationRuleTypeInfo {
  const info = TRANSFORMATION_RULE_TYPES.find((candidate) => candidate.type === type)
  if (info === undefined) throw new Error(`Unknown transformation rule type ${type}.`)
  return info
}
