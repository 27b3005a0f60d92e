import { formatDecimal, plural } from "../../ui/format.ts";

/** Width of a bin in multiples of the risk. */
const BIN_R = 0.5;

/** Results beyond these are in the first and the last bin. */
const LOWEST_R = -3;
const HIGHEST_R = 6;

/** How many results lie in one bin. */
export interface Bin {
  /** Lower end in R; the first bin has all below as well. */
  from: number;
  count: number;
}

/** Results in bins of 0.5 R from −3 to 6, without the empty ones at both ends. */
export function binResults(results: readonly number[]): readonly Bin[] {
  const last = Math.round((HIGHEST_R - LOWEST_R) / BIN_R);
  const counts = Array.from({ length: last + 1 }, () => 0);
  for (const result of results) {
    const bin = Math.floor((result - LOWEST_R) / BIN_R);
    counts[Math.min(last, Math.max(0, bin))]!++;
  }
  const first = counts.findIndex((count) => count > 0);
  return counts.map((count, index) => ({
    from: LOWEST_R + index * BIN_R,
    count,
  })).slice(
    Math.max(0, first),
    counts.findLastIndex((count) => count > 0) + 1,
  );
}

function binLabel({ from }: Bin): string {
  const text = formatDecimal(from, { digits: 1 });
  if (from === LOWEST_R) {
    return `< ${formatDecimal(from + BIN_R, { digits: 1 })}`;
  }
  return from === HIGHEST_R ? `≥ ${text}` : text;
}

/** Results of trades as bars over multiples of the money at risk. */
export function ResultHistogram({ results }: { results: readonly number[] }) {
  const bins = binResults(results);
  if (bins.length === 0) return null;
  const most = Math.max(...bins.map(({ count }) => count));
  const width = 100 / bins.length;
  const highest = bins.find(({ count }) => count === most)!;
  return (
    <figure>
      <figcaption>
        Results of trades{" "}
        <span class="unit">
          multiples of the risk (R), bins of {BIN_R} R by their lower end
        </span>
      </figcaption>
      <div class="plot bars">
        <svg
          class="chart"
          width="100%"
          height="170"
          role="img"
          aria-labelledby="results-svg-title results-svg-desc"
        >
          <title id="results-svg-title">
            How often trades ended at which result
          </title>
          <desc id="results-svg-desc">
            {`${plural(results.length, "trade")}. Most, ${
              plural(most, "trade")
            }, from ${formatDecimal(highest.from, { digits: 1 })} to ${
              formatDecimal(highest.from + BIN_R, { digits: 1 })
            } R.`}
          </desc>
          {bins.map((bin, index) => {
            const height = 84 * bin.count / most;
            const middle = `${(index + 0.5) * width}%`;
            return (
              <g key={bin.from} class={index % 2 === 1 ? "odd" : undefined}>
                <rect
                  class={bin.from >= 0 ? "bar up" : "bar down"}
                  x={`${(index + 0.08) * width}%`}
                  width={`${0.84 * width}%`}
                  y={`${100 - height}%`}
                  height={`${height}%`}
                  rx="1.5"
                />
                {bin.count > 0 && (
                  <text
                    class="count"
                    x={middle}
                    y={`${100 - height}%`}
                    dy="-5"
                    text-anchor="middle"
                  >
                    {bin.count}
                  </text>
                )}
                <text x={middle} y="100%" dy="18" text-anchor="middle">
                  {binLabel(bin)}
                </text>
              </g>
            );
          })}
          <line class="axis" x1="0" x2="100%" y1="100%" y2="100%" />
        </svg>
      </div>
    </figure>
  );
}
