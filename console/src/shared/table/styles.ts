import { makeStyles, shorthands, tokens } from '@fluentui/react-components'

/** Pixels. */
export const ROW_HEIGHT = 44

export const useTableStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    minHeight: '240px',
    flexGrow: 1,
    overflow: 'hidden',
    backgroundColor: tokens.colorNeutralBackground1,
    ...shorthands.border('1px', 'solid', tokens.colorNeutralStroke2),
    borderRadius: tokens.borderRadiusLarge,
  },
  scroll: {
    overflow: 'auto',
    flexGrow: 1,
    flexBasis: 0,
    minHeight: 0,
    position: 'relative',
    outlineOffset: '-2px',
    // Where bars show only while one scrolls, nothing would tell that there are more columns.
    '::-webkit-scrollbar': { width: '10px', height: '10px' },
    '::-webkit-scrollbar-thumb': {
      backgroundColor: tokens.colorNeutralStroke1,
      borderRadius: tokens.borderRadiusCircular,
      ':hover': { backgroundColor: tokens.colorNeutralStrokeAccessible },
    },
  },
  table: { minWidth: 'fit-content' },
  row: {
    display: 'grid',
    alignItems: 'center',
    height: `${ROW_HEIGHT}px`,
    boxSizing: 'border-box',
    ...shorthands.borderBottom('1px', 'solid', tokens.colorNeutralStroke3),
  },
  head: { position: 'sticky', top: 0, zIndex: 1, backgroundColor: tokens.colorNeutralBackground1 },
  body: { position: 'relative' },
  placed: { position: 'absolute', insetInline: 0, top: 0 },
  opens: { cursor: 'pointer', ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover } },
  open: { backgroundColor: tokens.colorNeutralBackground1Selected },
  focusable: {
    ':focus-visible': {
      ...shorthands.outline('2px', 'solid', tokens.colorStrokeFocus2),
      outlineOffset: '-2px',
    },
  },
  cell: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    paddingInline: tokens.spacingHorizontalS,
  },
  twoLines: {
    display: '-webkit-box',
    WebkitLineClamp: 2,
    WebkitBoxOrient: 'vertical',
    whiteSpace: 'normal',
    overflowWrap: 'anywhere',
    lineHeight: '18px',
  },
  end: { textAlign: 'end' },
  columnTitle: {
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
  },
  foot: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    ...shorthands.borderTop('1px', 'solid', tokens.colorNeutralStroke2),
    color: tokens.colorNeutralForeground2,
    minHeight: '20px',
  },
})
