/** Descriptions of a field mapping's settings; the type and its inputs share them. */
export const CONSTANT = 'Constant Value: carried where one end is null, towards the other one. Null is blank.'
export const LOOKUP_MAPPINGS = 'The mappings through whose couplings the ids of this lookup are translated.'
export const CLEAR_VALUE =
  'Clear Value on Failed Sync: blank instead of a failure where the record referred to is not coupled. Excludes notNull.'
export const NOT_NULL =
  'Not Null: a blank is not carried; the destination keeps what it holds. Lookups and GUIDs only.'
export const TRANSFORM_TO =
  'Transformation rules on the way to the integration table, applied in order; transformationRules lists the types.'
export const TRANSFORM_FROM =
  'Transformation rules on the way from the integration table, applied in order; transformationRules lists the types.'
export const OPTION_MAP =
  'Translates values one to one. A value that is not listed is an error; blank that is not listed is blank.'
export const OWNER =
  'Whose change counts where both sides changed this field; overrides Resolve Update Conflicts. Null: nobody owns it.'
export const TRUNCATE = 'Cut what is too long for the destination. If not, that is an error.'
export const TIME_ZONE_OF_FIELD = 'IANA name; needed where a date is paired with a date-time.'
export const LOCAL_CURRENCY =
  'An amount in the local currency of Business Central, the local system: left out for records in another currency. To the integration table only.'
