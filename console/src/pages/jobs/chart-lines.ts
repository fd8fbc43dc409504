import { DataVizPalette, getNextColor, type LineChartPoints } from '@fluentui/react-charts'
import type { StatisticsQuery } from './generated/graphql.js'

export type Statistics = StatisticsQuery['synchStatistics'][number]

/**
 * A line per mapping, with a point for every span of `step` milliseconds since `since`. `missing` stands where no job began: 0 of a
 * quantity; null where there is nothing to tell, and then no point.
 */
export function linesOf(
  statistics: readonly Statistics[],
  since: string,
  step: number,
  valueOf: (row: Statistics) => number | null,
  missing: number | null,
): readonly LineChartPoints[] {
  const mappings = [...new Map(statistics.map(({ mapping }) => [mapping.id, mapping])).values()]
  const first = Math.floor(Date.parse(since) / step) * step
  const spans = Array.from(
    { length: Math.floor((Date.now() - first) / step) + 1 },
    (_, index) => first + index * step,
  )
  return mappings.flatMap(({ id, name }, index) => {
    const rows = new Map(
      statistics
        .filter(({ mapping }) => mapping.id === id)
        .map((row) => [Date.parse(row.from), valueOf(row)]),
    )
    const data = spans.flatMap((at) => {
      const y = rows.get(at) ?? missing
      return y === null ? [] : [{ x: new Date(at), y: Math.round(y * 10) / 10 }]
    })
    return data.length === 0
      ? []
      : [{ legend: name, data, color: getNextColor(index) ?? DataVizPalette.color1 }]
  })
}
