import {
  type DailyCorrelation,
  TELLING_DAYS,
} from "../../contracts/analytics.ts";
import { Known } from "../Amount.tsx";
import { formatCount, formatDecimal } from "../format.ts";
import { RiskCard, RiskTable } from "../risk/RiskCard.tsx";

const NOTE =
  "Pearson's correlation of daily net results over the days that both have " +
  "traded in. +1: they win and lose together; 0: they have nothing to do with " +
  "each other; −1: one wins where the other loses. Told from " +
  `${TELLING_DAYS} days on, for the agents with the most trades.`;

/** How alike the daily results of agents are, two by two. */
export function CorrelationTable(
  { correlations, names }: {
    correlations: readonly DailyCorrelation[];
    names: ReadonlyMap<string, string>;
  },
) {
  return (
    <RiskCard
      title="Daily results, two by two"
      testId="analytics-correlation"
      wide
      note={NOTE}
    >
      <RiskTable
        caption="Correlation of daily results"
        testId="analytics-correlation-table"
        heads={["Agent", "And", "#Days", "#Correlation"]}
      >
        {correlations.map(({ one, other, days, coefficient }) => (
          <tr key={`${one} ${other}`}>
            <th scope="row">{names.get(one) ?? one}</th>
            <td>{names.get(other) ?? other}</td>
            <td class="cell-num">{formatCount(days)}</td>
            <td class="cell-num">
              <Known
                text={formatDecimal(coefficient, { signed: true })}
                reason={days < TELLING_DAYS
                  ? `Fewer than ${TELLING_DAYS} days that both have traded in`
                  : "The results of one of them are the same every day"}
              />
            </td>
          </tr>
        ))}
      </RiskTable>
    </RiskCard>
  );
}
