import type { TransformationRule } from './rule.js'

/**
 * The rules that Business Central creates, by their codes: those of every company, of its Intrastat definitions and of its
 * Czech localization. Chains of "Next Transformation Rule" are lists. Dates and Unix time stamps that cannot be read stay or
 * become blank, as there; numbers fail, where Business Central makes them 0.
 *
 * Left out: what Business Central does by code or by a table (INT_ARRIVALDISPATCH, INT_ROUNDTOINT, INT_ROUNDTOINTGTONE,
 * INT_STAT_YEAR, EUCOUNTRYCODELOOKUP). ROUNDTOINT and ROUNDUPTOINT go on with ALPHANUMERIC_ONLY there, to remove separators
 * of thousands; numbers here have none, and a minus would be lost.
 */
export const PREDEFINED_RULES: Readonly<Record<string, readonly TransformationRule[]>> = {
  UPPERCASE: [{ type: 'UPPERCASE' }],
  LOWERCASE: [{ type: 'LOWERCASE' }],
  TITLECASE: [{ type: 'TITLE_CASE' }],
  TRIM: [{ type: 'TRIM' }],
  FOURTH_TO_SIXTH_CHAR: [{ type: 'SUBSTRING', startPosition: 4, length: 3 }],
  YYYYMMDD_DATE: [{ type: 'DATE_FORMATTING', format: 'yyyyMMdd', otherwise: 'KEEP' }],
  YYYYMMDDHHMMSS_FMT: [{ type: 'DATE_AND_TIME_FORMATTING', format: 'yyyyMMddHHmmss', otherwise: 'KEEP' }],
  ALPHANUMERIC_ONLY: [{ type: 'REMOVE_NON_ALPHANUMERIC_CHARACTERS' }],
  DK_DECIMAL_FORMAT: [{ type: 'DECIMAL_FORMATTING', culture: 'da-DK' }],
  US_DATE_FORMAT: [{ type: 'DATE_FORMATTING', culture: 'en-US', otherwise: 'KEEP' }],
  US_DATETIME_FORMAT: [{ type: 'DATE_AND_TIME_FORMATTING', culture: 'en-US', otherwise: 'KEEP' }],
  UNIXTIMESTAMP: [{ type: 'UNIXTIMESTAMP', otherwise: 'BLANK' }],
  DELETE_NOTPROVIDED: [{ type: 'REGULAR_EXPRESSION_REPLACE', find: 'NOTPROVIDED', replace: '' }],
  TRIMALL: [{ type: 'REPLACE', find: ' ', replace: '' }],
  ROUNDTOINT: [{ type: 'ROUND', precision: 1, direction: 'NEAREST' }],
  ROUNDUPTOINT: [{ type: 'ROUND', precision: 1, direction: 'UP' }],
  GETYEAR: [{ type: 'EXTRACT_FROM_DATE', part: 'YEAR' }],
  MONTHFROMDATE: [{ type: 'EXTRACT_FROM_DATE', part: 'MONTH' }],
  INT_ITEMDESC: [{ type: 'SUBSTRING', startPosition: 1, length: 80 }],
  INT_STAT_MONTH: [{ type: 'SUBSTRING', startPosition: 3, length: 2 }],
  CZ_DATE_FORMAT: [{ type: 'DATE_FORMATTING', culture: 'cs-CZ', otherwise: 'KEEP' }],
  CZ_DATETIME_FORMAT: [{ type: 'DATE_AND_TIME_FORMATTING', culture: 'cs-CZ', otherwise: 'KEEP' }],
  CZ_DECIMAL_FORMAT: [{ type: 'DECIMAL_FORMATTING', culture: 'cs-CZ' }],
}
