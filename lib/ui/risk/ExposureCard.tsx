import type { RiskExposure } from "../../contracts/fleet_risk.ts";
import { Known } from "../Amount.tsx";
import { ModeBadge } from "../Badge.tsx";
import { formatDecimal } from "../format.ts";
import { RiskCard, RiskTable } from "./RiskCard.tsx";

const NO_PRICE = "The price of a position is not known now";
/** Half of the picture; shorts grow to the left, longs to the right. */
const HALF = 60;

/** What is held by market and side, with bars; one table for each currency and mode. */
export function ExposureCard(
  { exposure }: { exposure: readonly RiskExposure[] },
) {
  const groups = Map.groupBy(
    exposure,
    ({ mode, currency }) => `${mode} ${currency}`,
  );
  return (
    <RiskCard
      title="Exposure"
      testId="risk-exposure"
      note="At the last prices. Working: entries that are not filled yet."
    >
      {exposure.length === 0 && <p class="muted">Nothing is held</p>}
      {[...groups].map(([key, rows]) => <Group key={key} rows={rows} />)}
    </RiskCard>
  );
}

function Group({ rows }: { rows: readonly RiskExposure[] }) {
  const { mode, currency } = rows[0]!;
  const largest = Math.max(
    ...rows.flatMap(({ long, short }) => [Number(long), Number(short)]),
  );
  return (
    <section class="risk-guard" aria-label={`${mode} ${currency}`}>
      <h3>
        <ModeBadge mode={mode} /> {currency}
      </h3>
      <RiskTable
        caption={`Exposure, ${mode}, in ${currency}`}
        testId="risk-exposure-table"
        heads={[
          "Market",
          "Short · long",
          "#Long",
          "#Short",
          "#Net",
          "#Working",
        ]}
      >
        {rows.map((row) => (
          <tr key={row.symbol}>
            <th scope="row">{row.symbol}</th>
            <td>
              <SideBars row={row} largest={largest} />
            </td>
            {[row.long, row.short, row.net, row.working].map((value, index) => (
              <td key={index} class="cell-num">
                <Known text={formatDecimal(value)} reason={NO_PRICE} />
              </td>
            ))}
          </tr>
        ))}
      </RiskTable>
    </section>
  );
}

function SideBars(
  { row: { symbol, long, short }, largest }: {
    row: RiskExposure;
    largest: number;
  },
) {
  const widthOf = (value: string | null) =>
    largest === 0
      ? 0
      : Math.round(Number(value ?? 0) / largest * HALF * 10) / 10;
  const shortWidth = widthOf(short);
  return (
    <svg
      class="risk-sides"
      viewBox={`0 0 ${2 * HALF} 12`}
      width={2 * HALF}
      height="12"
      role="img"
      aria-label={`${symbol}: long ${formatDecimal(long)}, short ${
        formatDecimal(short)
      }`}
    >
      <rect
        class="risk-short"
        x={HALF - shortWidth}
        y="1"
        width={shortWidth}
        height="10"
      />
      <rect
        class="risk-long"
        x={HALF}
        y="1"
        width={widthOf(long)}
        height="10"
      />
      <path class="risk-middle" d={`M${HALF} 0v12`} />
    </svg>
  );
}
