import type { StopMeasures } from "../../contracts/emergency_desk.ts";
import type { RiskLimit } from "../../contracts/fleet_risk.ts";
import { decimal } from "../../core/decimal.ts";
import { venueOf } from "../desk_ids.ts";
import {
  currencyOf,
  grossOf,
  keyOf,
  type RiskFact,
  sumKnown,
} from "./facts.ts";
import { amountOf, toRow } from "./limit_row.ts";

/** What each agent limits of its exchange key as a whole. */
export function keyLimits(
  traders: readonly RiskFact[],
  measures: StopMeasures["accounts"],
): RiskLimit[] {
  return [
    ...exposureLimits(traders),
    ...traders.flatMap((fact) => rateLimits(fact, measures)),
  ];
}

/** Each agent may limit what all agents of its key hold together; quotes of several currencies have no sum. */
function exposureLimits(traders: readonly RiskFact[]): RiskLimit[] {
  return traders.flatMap(({ record: { id, config } }) => {
    const cap = config.safety.maxAccountNotional;
    const key = keyOf(config);
    if (cap === null || key === null) return [];
    const unit = currencyOf(config.symbol);
    const mates = traders.filter(({ record }) => keyOf(record.config) === key);
    const hasOneUnit = mates.every(({ record }) =>
      currencyOf(record.config.symbol) === unit
    );
    const used = hasOneUnit
      ? sumKnown(mates.map(({ account }) => account && grossOf(account)))
      : null;
    return toRow({
      limit: "key_exposure",
      unit,
      used,
      cap: decimal(cap),
      missing: hasOneUnit
        ? "What an agent of the key holds is not known"
        : "The agents of the key trade in several currencies",
    }, {
      source: "agent",
      agentId: id,
      scope: `key of ${config.name}`,
      mode: config.mode,
    });
  });
}

/** Rates are counted by the desk of the venue; an account on candles has none. */
function rateLimits(
  { record: { id, config } }: RiskFact,
  measures: StopMeasures["accounts"],
): RiskLimit[] {
  if (venueOf(config) === null) return [];
  const sent = measures.find(({ agentId }) => agentId === id)?.sent;
  const { maxAccountOrdersPerMinute, maxAccountMessagesPerMinute } =
    config.safety;
  const of = {
    source: "agent",
    agentId: id,
    scope: `key of ${config.name}`,
    mode: config.mode,
  } as const;
  const missing = "The desk of its exchange has not told";
  return [
    toRow({
      limit: "key_order_rate",
      unit: "",
      used: amountOf(sent?.orders),
      cap: decimal(maxAccountOrdersPerMinute),
      missing,
    }, of),
    toRow({
      limit: "key_request_rate",
      unit: "",
      used: amountOf(sent?.requests),
      cap: decimal(maxAccountMessagesPerMinute),
      missing,
    }, of),
  ];
}
