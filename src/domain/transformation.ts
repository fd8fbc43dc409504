/**
 * Transformation rules: what a field mapping does to a value on its way, after Business Central's table 1237. Pure: no clock,
 * no locale of the machine, the same answer everywhere.
 */
export { REFUSED_RULE_TYPES, TRANSFORMATION_RULE_TYPES } from './transformation/catalog.js'
export { CULTURE_NAMES, type CultureName } from './transformation/culture.js'
export { PREDEFINED_RULES } from './transformation/predefined.js'
export {
  DatePart,
  Otherwise,
  RoundingDirection,
  type LookupEntry,
  type Transformation,
  type TransformationRule,
  type TransformationRuleType,
} from './transformation/rule.js'
export type { TransformationRuleTypeInfo, TransformationSetting } from './transformation/setting.js'
export {
  prepareTransformation,
  previewTransformation,
  transformValue,
  validateRule,
  validateRules,
  type PreparedTransformation,
} from './transformation/transform.js'
