import {
  type Breakdown,
  TELLING_TRADES,
  type TradeGroup,
} from "../../contracts/analytics.ts";
import { Gain, Known } from "../Amount.tsx";
import {
  formatCount,
  formatDecimal,
  formatDuration,
  formatPercent,
} from "../format.ts";
import { RiskCard, RiskTable } from "../risk/RiskCard.tsx";
import { BREAKDOWN_WORDS, groupName } from "./analytics_words.ts";

/** Half of the picture; losses grow to the left, gains to the right. */
const HALF = 40;

const NO_LOSS = "There is no losing trade to compare with";

/** One breakdown as a table, each row with a bar. */
export function GroupTable(
  { by, groups, currency }: {
    by: Breakdown;
    groups: readonly TradeGroup[];
    currency: string;
  },
) {
  const { title, head, note } = BREAKDOWN_WORDS[by];
  const largest = Math.max(
    ...groups.map(({ netPnl }) => Math.abs(Number(netPnl))),
  );
  return (
    <RiskCard
      title={title}
      testId={`analytics-${by}`}
      wide
      {...(note === "" ? {} : { note })}
    >
      <RiskTable
        caption={`${title}, in ${currency}`}
        testId={`analytics-${by}-table`}
        isCards
        heads={[
          head,
          "#Trades",
          "#Win rate",
          "#95 % between",
          "#Net",
          "Loss · gain",
          "#Fees",
          "#Profit factor",
          "#Mean R",
          "#Held",
        ]}
      >
        {groups.map((group) => (
          <GroupRow
            key={group.key ?? ""}
            name={groupName(by, group)}
            group={group}
            largest={largest}
          />
        ))}
      </RiskTable>
    </RiskCard>
  );
}

function GroupRow(
  { name, group, largest }: {
    name: string;
    group: TradeGroup;
    largest: number;
  },
) {
  return (
    <tr class={group.isTooFew ? "analytics-few" : undefined}>
      <th scope="row">{name}</th>
      <td class="cell-num" data-label="Trades">
        {formatCount(group.trades)}
        {group.isTooFew && (
          <small
            class="analytics-hint"
            title={`Fewer than ${TELLING_TRADES} trades: these figures are as good as chance`}
          >
            {" "}too few
          </small>
        )}
      </td>
      <td class="cell-num" data-label="Win rate">
        {formatPercent(group.winRatePct)}
      </td>
      <td class="cell-num" data-label="95 % between">
        {formatPercent(group.winRateLowPct, { digits: 0 })}–{formatPercent(
          group.winRateHighPct,
          { digits: 0 },
        )}
      </td>
      <td class="cell-num" data-label="Net">
        <Gain value={group.netPnl} reason="" />
      </td>
      <td class="analytics-bar">
        <NetBar name={name} netPnl={group.netPnl} largest={largest} />
      </td>
      <td class="cell-num" data-label="Fees">{formatDecimal(group.fees)}</td>
      <td class="cell-num" data-label="Profit factor">
        <Known text={formatDecimal(group.profitFactor)} reason={NO_LOSS} />
      </td>
      <td class="cell-num" data-label="Mean R">
        {formatDecimal(group.expectancyR, { signed: true })}
      </td>
      <td class="cell-num" data-label="Held">
        {formatDuration(group.averageHoldMs)}
      </td>
    </tr>
  );
}

function NetBar(
  { name, netPnl, largest }: { name: string; netPnl: string; largest: number },
) {
  const net = Number(netPnl);
  const width = largest === 0
    ? 0
    : Math.round(Math.abs(net) / largest * HALF * 10) / 10;
  return (
    <svg
      class="risk-sides"
      viewBox={`0 0 ${2 * HALF} 12`}
      width={2 * HALF}
      height="12"
      role="img"
      aria-label={`${name}: net ${formatDecimal(netPnl, { signed: true })}`}
    >
      <rect
        class={net < 0 ? "risk-short" : "risk-long"}
        x={net < 0 ? HALF - width : HALF}
        y="1"
        width={width}
        height="10"
      />
      <path class="risk-middle" d={`M${HALF} 0v12`} />
    </svg>
  );
}
