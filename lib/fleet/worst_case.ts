import { liquidationDistancePct } from "../../agents/mod.ts";
import type { AgentConfig } from "../contracts/agent_config.ts";
import { decimal, minDecimal, toDecimalText } from "../core/decimal.ts";

/** What the limits let an agent lose in a day and in total, in quote currency, slippage beyond the stop left out; and how near a liquidation is. */
export function worstCase(
  { risk, costs }: AgentConfig,
): { day: string; total: string; liquidationDistancePct: number | null } {
  const total = decimal(risk.initialCapital).times(risk.maxDrawdownPct)
    .div(100);
  return {
    day: toDecimalText(minDecimal(decimal(risk.dailyLossLimit), total)),
    total: toDecimalText(total),
    liquidationDistancePct: liquidationDistancePct({
      leverage: risk.leverage,
      takerFeeBp: costs.takerFeeBp,
    }),
  };
}
