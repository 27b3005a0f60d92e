import type { RiskMarketRules } from "../../contracts/fleet_risk.ts";
import { plural, UNKNOWN } from "../format.ts";
import { Known } from "../Amount.tsx";
import { RiskTable } from "./RiskCard.tsx";

/** What orders must keep to by the rules of exchanges; nothing where no market of one is open. */
export function MarketRules(
  { rules, leftOut }: { rules: readonly RiskMarketRules[]; leftOut: number },
) {
  if (rules.length === 0) return null;
  return (
    <details class="disclosure" data-testid="risk-market-rules">
      <summary>
        Rules of {plural(rules.length + leftOut, "market")} at exchanges
      </summary>
      <RiskTable
        caption="Rules of markets"
        testId="risk-market-rules-table"
        isCards
        heads={[
          "Market",
          "#Agents",
          "#Price step",
          "#Quantity step",
          "#Quantity of an order",
          "#Value of an order",
        ]}
      >
        {rules.map((rule) => (
          <RuleLine key={`${rule.venue} ${rule.symbol}`} rule={rule} />
        ))}
      </RiskTable>
      {leftOut > 0 && <p class="risk-note">{plural(leftOut, "market")} more.
      </p>}
    </details>
  );
}

function RuleLine({ rule }: { rule: RiskMarketRules }) {
  const [base, quote] = rule.symbol.split("/");
  return (
    <tr>
      <th scope="row">{rule.symbol} at {rule.venue}</th>
      <td class="cell-num" data-label="Agents">{rule.agents}</td>
      <td class="cell-num" data-label="Price step">{rule.priceStep}</td>
      <td class="cell-num" data-label="Quantity step">{rule.quantityStep}</td>
      <td class="cell-num" data-label="Quantity of an order">
        <Span least={rule.minQuantity} most={rule.maxQuantity} unit={base} />
      </td>
      <td class="cell-num" data-label="Value of an order">
        <Span least={rule.minNotional} most={rule.maxNotional} unit={quote} />
      </td>
    </tr>
  );
}

/** From the least to the most; an exchange may name neither. */
function Span(
  { least, most, unit = "" }: {
    least: string | null;
    most: string | null;
    unit: string | undefined;
  },
) {
  const parts = [
    least === null ? "" : `from ${least}`,
    most === null ? "" : `up to ${most}`,
  ].filter((part) => part !== "");
  return (
    <Known
      text={parts.length === 0 ? UNKNOWN : `${parts.join(" ")} ${unit}`}
      reason="The exchange names no limit"
    />
  );
}
