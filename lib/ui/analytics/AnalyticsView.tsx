import {
  type AnalyticsResponse,
  TELLING_TRADES,
} from "../../contracts/analytics.ts";
import { Gain, Known } from "../Amount.tsx";
import { ModeBadge, SimulatedBadge } from "../Badge.tsx";
import { Banner, EmptyState } from "../Feedback.tsx";
import {
  formatCount,
  formatDecimal,
  formatDuration,
  formatPercent,
  plural,
} from "../format.ts";
import { Kpi } from "../Kpi.tsx";
import { CorrelationTable } from "./CorrelationTable.tsx";
import { GroupTable } from "./GroupTable.tsx";

/** Everything that closed trades came to. */
export function AnalyticsView({ answer }: { answer: AnalyticsResponse }) {
  const { currency, total, missing } = answer;
  return (
    <>
      {missing.length > 0 && (
        <Banner tone="warn" testId="analytics-missing">
          {plural(missing.length, "agent is", "agents are")}{" "}
          in no figure, because the trades could not be read:{" "}
          {missing.map(({ name, detail }) => `${name} (${detail})`).join(", ")}.
        </Banner>
      )}
      {currency === null || total.trades === 0
        ? (
          <EmptyState title="No closed trade fits">
            <p>
              Trades appear here when an agent has closed them. Choose a longer
              period, other agents, or look at <a href="/">the fleet</a>.
            </p>
          </EmptyState>
        )
        : <Figures answer={answer} currency={currency} />}
    </>
  );
}

function Figures(
  { answer, currency }: { answer: AnalyticsResponse; currency: string },
) {
  const { total, breakdowns, correlations, currencies, agents } = answer;
  const others = currencies.filter((each) => each.currency !== currency);
  const names = new Map(agents.map(({ id, name }) => [id, name]));
  return (
    <>
      <p class="analytics-about">
        <ModeBadge mode={answer.mode} />
        {answer.simulated && <SimulatedBadge />}
        <span>
          In {currency}, after fees. Days and hours in {answer.timeZone}.
        </span>
      </p>
      {others.length > 0 && (
        <Banner tone="info" testId="analytics-currencies">
          Only {currency} is in these figures; there are also{" "}
          {others.map((each) =>
            `${plural(each.trades, "trade")} in ${each.currency}`
          ).join(", ")}. Choose a currency above.
        </Banner>
      )}
      {total.isTooFew && (
        <Banner tone="warn" testId="analytics-too-few">
          {plural(total.trades, "trade")}: with fewer than {TELLING_TRADES}{" "}
          the figures are as good as chance.
        </Banner>
      )}
      <Totals answer={answer} currency={currency} />
      <div class="risk-grid">
        {breakdowns.map(({ by, groups }) => (
          <GroupTable key={by} by={by} groups={groups} currency={currency} />
        ))}
        {correlations.length > 0 && (
          <CorrelationTable correlations={correlations} names={names} />
        )}
      </div>
      <p class="risk-note">
        What has been is no promise of what comes. The more groups are looked
        at, the more of them look good by chance alone.
      </p>
    </>
  );
}

function Totals(
  { answer: { total }, currency }: {
    answer: AnalyticsResponse;
    currency: string;
  },
) {
  return (
    <section class="kpis" aria-label="All of these trades">
      <Kpi name="Net" sub={`${formatDecimal(total.fees)} ${currency} fees`}>
        <Gain value={total.netPnl} unit={currency} reason="" />
      </Kpi>
      <Kpi name="Trades" sub={`${formatCount(total.wins)} won`}>
        {formatCount(total.trades)}
      </Kpi>
      <Kpi
        name="Win rate"
        sub={`95 %: ${formatPercent(total.winRateLowPct)} to ${
          formatPercent(total.winRateHighPct)
        }`}
      >
        {formatPercent(total.winRatePct)}
      </Kpi>
      <Kpi name="Profit factor" sub="Gains over losses">
        <Known
          text={formatDecimal(total.profitFactor)}
          reason="There is no losing trade to compare with"
        />
      </Kpi>
      <Kpi name="Mean result" sub="Of the money at risk">
        {formatDecimal(total.expectancyR, { signed: true })} R
      </Kpi>
      <Kpi name="Held" sub="On average">
        {formatDuration(total.averageHoldMs)}
      </Kpi>
    </section>
  );
}
