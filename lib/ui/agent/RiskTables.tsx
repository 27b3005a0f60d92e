/**
 * Tables of a risk manager: rules, losses, exposure, liquidations, stress.
 *
 * @module
 */
import type { ComponentChildren } from "preact";
import type {
  GuardLossView,
  GuardRuleView,
  RiskView,
} from "../../contracts/guard.ts";
import { Known } from "../Amount.tsx";
import { TableHead } from "../TableHead.tsx";
import {
  formatDateTime,
  formatDecimal,
  formatPercent,
  formatPrice,
} from "../format.ts";
import type { Tone } from "../words.ts";

const LEVEL_WORDS: Readonly<
  Record<GuardRuleView["level"], { word: string; tone: Tone }>
> = {
  quiet: { word: "Kept", tone: "ok" },
  warming_up: { word: "Warming up", tone: "muted" },
  warning: { word: "Warning", tone: "warn" },
  acting: { word: "Acting", tone: "danger" },
};

/** All rules in force with value, limit and state. */
export function RuleTable({ rules }: { rules: readonly GuardRuleView[] }) {
  return (
    <RiskTable
      title="Rules"
      heads={[
        "Rule",
        "State",
        "#Value",
        "#Limit",
        "#Release",
        "Action",
        "Since",
      ]}
    >
      {rules.map((rule) => {
        const { word, tone } = LEVEL_WORDS[rule.level];
        const of = (value: number | null) =>
          rule.unit === "%" ? formatPercent(value) : formatDecimal(value);
        return (
          <tr key={rule.ruleId} title={rule.reason ?? undefined}>
            <th scope="row">{rule.label}</th>
            <td>
              <span class={`state tone-${tone}`}>
                {word}
                {rule.isLatched && ", until released"}
              </span>
            </td>
            <td class="cell-num">
              <Known text={of(rule.value)} reason={rule.reason ?? word} />
            </td>
            <td class="cell-num">{of(rule.limit)}</td>
            <td class="cell-num">{of(rule.release)}</td>
            <td>{rule.action}</td>
            <td>{rule.since === null ? "" : formatDateTime(rule.since)}</td>
          </tr>
        );
      })}
    </RiskTable>
  );
}

/** Value at risk and shortfall by method, with Kupiec's verdict. */
export function LossTable({ risk }: { risk: RiskView }) {
  return (
    <RiskTable
      title="Losses of one candle, estimated from the past"
      heads={["Method", "#Level", "#Value at risk", "#Shortfall", "Kupiec"]}
    >
      {risk.losses.map((loss) => (
        <tr key={`${loss.method} ${loss.levelPct}`}>
          <th scope="row">{loss.method.replaceAll("_", " ")}</th>
          <td class="cell-num">{loss.levelPct}%</td>
          <td class="cell-num">
            <Known
              text={formatPercent(loss.valueAtRiskPct, { digits: 2 })}
              reason={loss.reason ?? "Unknown"}
            />
          </td>
          <td class="cell-num">
            <Known
              text={formatPercent(loss.expectedShortfallPct, { digits: 2 })}
              reason={loss.reason ?? "Unknown"}
            />
          </td>
          <td>{verdictOf(loss)}</td>
        </tr>
      ))}
    </RiskTable>
  );
}

function verdictOf({ backtest, reason }: GuardLossView): string {
  if (backtest === null) return reason ?? "Too few returns to judge";
  const { exceeded, expected, isRejected, periods, zone } = backtest;
  return `${
    !isRejected
      ? "Kept"
      : exceeded < expected
      ? "Rejected, too cautious"
      : "Rejected, too low"
  }: exceeded in ${exceeded} of ${periods}, ${
    formatDecimal(expected, { digits: 1 })
  } expected (${zone})`;
}

/** Exposure by market and side. */
export function ExposureTable({ exposure }: Pick<RiskView, "exposure">) {
  const markets = exposure?.markets ?? [];
  if (markets.length === 0) return <p class="muted">No open position</p>;
  return (
    <RiskTable title="Exposure" heads={["Market", "#Long", "#Short", "#Net"]}>
      {markets.map(({ symbol, long, short, net }) => (
        <tr key={symbol}>
          <th scope="row">{symbol}</th>
          {[long, short, net].map((value, index) => (
            <td key={index} class="cell-num">
              <Known
                text={formatDecimal(value)}
                reason="Its mark price is unknown"
              />
            </td>
          ))}
        </tr>
      ))}
    </RiskTable>
  );
}

/** Leveraged positions, nearest to liquidation first. */
export function LadderTable({ ladder }: Pick<RiskView, "ladder">) {
  const rows = ladder?.rows ?? [];
  if (rows.length === 0) return null;
  return (
    <RiskTable
      title="Liquidations, nearest first"
      heads={["Market", "Side", "#Mark", "#Liquidation", "#Away"]}
    >
      {rows.map((row) => (
        <tr key={row.id}>
          <th scope="row">{row.symbol}</th>
          <td>{row.direction}</td>
          <td class="cell-num">{formatPrice(row.markPrice)}</td>
          <td class="cell-num">
            <Known
              text={formatPrice(row.liquidationPrice)}
              reason="No price liquidates it"
            />
          </td>
          <td class="cell-num">
            <Known
              text={formatPercent(row.distancePct)}
              reason="No price liquidates it"
            />
          </td>
        </tr>
      ))}
    </RiskTable>
  );
}

/** What sudden moves would cost. */
export function StressTable({ stress }: Pick<RiskView, "stress">) {
  return (
    <RiskTable title="Stress" heads={["Scenario", "#P&L", "#Of equity"]}>
      {stress.map(({ name, pnl, pnlPct, reason }) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td class="cell-num">
            <Known text={formatDecimal(pnl)} reason={reason ?? "Unknown"} />
          </td>
          <td class="cell-num">
            <Known text={formatPercent(pnlPct)} reason={reason ?? "Unknown"} />
          </td>
        </tr>
      ))}
    </RiskTable>
  );
}

/** A table with its heading; heads that begin with # are of numbers. */
function RiskTable(
  { title, heads, children }: {
    title: string;
    heads: readonly string[];
    children: ComponentChildren;
  },
) {
  return (
    <>
      <h3>{title}</h3>
      <table class="table">
        <caption class="sr-only">{title}</caption>
        <TableHead heads={heads} />
        <tbody>{children}</tbody>
      </table>
    </>
  );
}
