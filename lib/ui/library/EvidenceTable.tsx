import type { EvidenceCheck } from "../../contracts/bundle.ts";
import { Known } from "../Amount.tsx";
import { Badge, SimulatedBadge } from "../Badge.tsx";
import { Button } from "../Button.tsx";
import { formatCount, formatDecimal, formatPercent } from "../format.ts";
import { TableHead } from "../TableHead.tsx";
import { dataText, OUTCOME_WORDS } from "./library_words.ts";

const NOT_KNOWN = "The backtest could not tell";

/** Backtests of a bundle, with what running them again has shown. */
export function EvidenceTable(
  { checks, action }: {
    checks: readonly EvidenceCheck[];
    /** What running them again takes; left out where that cannot be done yet. */
    action?: { refusal: string | null };
  },
) {
  const heads = [
    "Data",
    "#Trades",
    "#Return",
    "#Max drawdown",
    "#Sharpe",
    "#Profit factor",
    "Here",
  ];
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label="Backtests, scrollable"
    >
      <table class="table risk-cards" data-testid="evidence-table">
        <caption class="sr-only">Backtests that came with it</caption>
        <TableHead heads={heads} />
        <tbody>
          {checks.map((check, place) => (
            <EvidenceRow
              key={place}
              check={check}
              place={place}
              action={action}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function EvidenceRow(
  { check, place, action }: {
    check: EvidenceCheck;
    place: number;
    action: { refusal: string | null } | undefined;
  },
) {
  const { evidence, outcome, backtestId, detail } = check;
  const { figures } = evidence;
  const { tone, word, text } = OUTCOME_WORDS[outcome];
  const number = (label: string, value: string) => (
    <td class="cell-num" data-label={label}>
      <Known text={value} reason={NOT_KNOWN} />
    </td>
  );
  return (
    <tr>
      <th scope="row" class="cell-wrap">
        {dataText(evidence)} {evidence.simulatedCandles
          ? <SimulatedBadge />
          : <span class="muted">simulated fills</span>}
      </th>
      {number("Trades", formatCount(figures.trades))}
      {number("Return", formatPercent(figures.returnPct, { signed: true }))}
      {number("Max drawdown", formatPercent(-figures.maxDrawdownPct + 0))}
      {number("Sharpe", formatDecimal(figures.sharpe))}
      {number("Profit factor", formatDecimal(figures.profitFactor))}
      <td class="cell-wrap" data-label="Here">
        {action === undefined ? <span class="muted">{word}</span> : (
          <>
            <Badge tone={tone} hint={text}>{word}</Badge>{" "}
            {backtestId !== null && (
              <a href={`/backtests/${backtestId}`}>
                Run
              </a>
            )}
            {detail !== null && <small>{detail}</small>}
            {outcome !== "running" && (
              <form method="post">
                <input type="hidden" name="evidence" value={String(place)} />
                <Button
                  type="submit"
                  small
                  disabledReason={action.refusal}
                  aria-label={`Run backtest ${place + 1} here`}
                >
                  {backtestId === null ? "Run it here" : "Run it again"}
                </Button>
              </form>
            )}
          </>
        )}
      </td>
    </tr>
  );
}
