/** Pixels around a chart over time: the label of its last moment, which is centred below its mark, has room. */
export const CHART_MARGINS = { left: 44, right: 48, top: 20, bottom: 36 }
