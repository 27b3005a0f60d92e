import type { SafetyConfig } from "../../contracts/agent_config.ts";
import { Fact } from "../Card.tsx";
import { formatMoney } from "../format.ts";

/** The guards against a runaway agent; `unit` is the quote currency. */
export function SafetyFacts(
  { safety, unit }: { safety: SafetyConfig; unit: string },
) {
  const money = (limit: string | null) =>
    limit === null ? "no limit" : `at most ${formatMoney(limit, unit)}`;
  return (
    <>
      <Fact name="Order rate limit">{safety.maxOrdersPerMinute} a minute</Fact>
      <Fact name="Open orders">at most {safety.maxOpenOrders}</Fact>
      <Fact name="Circuit breaker">
        {safety.breakerConsecutiveLosses === 0
          ? "off"
          : `${safety.breakerConsecutiveLosses} losing trades in a row`}
      </Fact>
      <Fact name="Value of an order">{money(safety.maxOrderNotional)}</Fact>
      <Fact name="Size of an order">
        {safety.maxOrderQuantity === null
          ? "no limit"
          : `at most ${safety.maxOrderQuantity}`}
      </Fact>
      <Fact name="Value of the position">
        {money(safety.maxPositionNotional)}
      </Fact>
      <Fact name="Exposure of the key">{money(safety.maxAccountNotional)}</Fact>
      <Fact name="Price collar">{safety.priceCollarPct}%</Fact>
      <Fact name="Repeated entries">
        at most {safety.repeatedEntriesPerMinute} a minute
      </Fact>
      <Fact name="Order rate of the key">
        {safety.maxAccountOrdersPerMinute} a minute
      </Fact>
      <Fact name="Request rate of the key">
        {safety.maxAccountMessagesPerMinute} a minute
      </Fact>
      <Fact name="Withdrawn orders">
        at most {safety.maxCancelsPerFill} for each fill
      </Fact>
    </>
  );
}
