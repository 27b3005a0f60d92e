import type { RiskMoney } from "../../contracts/fleet_risk.ts";
import { Gain, Known, Money } from "../Amount.tsx";
import { ModeBadge } from "../Badge.tsx";
import { dayPercent, formatPercent } from "../format.ts";
import { RiskCard, RiskTable } from "./RiskCard.tsx";

const UNKNOWN_EQUITY = "No account of it is known yet";

/** Equity, result of the day and drawdown, one line for each currency and mode. */
export function MoneyCard({ money }: { money: readonly RiskMoney[] }) {
  return (
    <RiskCard
      title="Equity"
      testId="risk-money"
      note="Drawdown is that of the accounts against the sum of their own highest equities. Currencies, and live and paper, are never added."
    >
      {money.length === 0 ? <p class="muted">No account yet</p> : (
        <RiskTable
          caption="Equity by currency"
          testId="risk-money-table"
          heads={["Money", "#Equity", "#Day P&L", "#Drawdown", "#Known"]}
        >
          {money.map((one) => (
            <MoneyLine key={`${one.mode} ${one.currency}`} {...one} />
          ))}
        </RiskTable>
      )}
    </RiskCard>
  );
}

function MoneyLine(
  { mode, currency, agents, known, equity, dayPnl, drawdownPct }: RiskMoney,
) {
  return (
    <tr>
      <th scope="row">
        <ModeBadge mode={mode} /> {currency}
      </th>
      <td class="cell-num">
        <Money value={equity} unit={currency} reason={UNKNOWN_EQUITY} bare />
      </td>
      <td class="cell-num">
        <Gain
          value={dayPnl}
          percent={dayPercent(dayPnl, equity)}
          reason={UNKNOWN_EQUITY}
        />
      </td>
      <td class="cell-num">
        <Known
          text={formatPercent(
            drawdownPct === null || drawdownPct === 0
              ? drawdownPct
              : -drawdownPct,
            { digits: 2 },
          )}
          reason={UNKNOWN_EQUITY}
        />
      </td>
      <td class="cell-num">{known} of {agents}</td>
    </tr>
  );
}
