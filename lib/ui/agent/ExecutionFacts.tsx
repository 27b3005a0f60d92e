import type { AgentDetail } from "../../contracts/agent.ts";
import type { ExecutionConfig } from "../../contracts/execution_config.ts";
import { Fact } from "../Card.tsx";
import { EXECUTION_WORDS } from "../execution_words.ts";

/** The agents that an agent listens to, each with a link to its page; nothing for one that listens to nobody. */
export function ListensTo({ agent }: { agent: AgentDetail }) {
  if (agent.listensTo.length === 0) return null;
  return (
    <Fact name="Listens to">
      {agent.listensTo.map(({ id, name }, index) => (
        <span key={id}>
          {index > 0 && ", "}
          <a href={`/agents/${id}`}>{name}</a>
        </span>
      ))}
    </Fact>
  );
}

/** How an executor trades; nothing for another type. */
export function ExecutionFacts({ agent }: { agent: AgentDetail }) {
  const { type, execution } = agent.config;
  if (type !== "executor") return null;
  return (
    <>
      <Fact name="Orders">{EXECUTION_WORDS[execution.order]}</Fact>
      <Fact name="Slicing">{slicingText(execution)}</Fact>
      <Fact name="Follows the market">{chaseText(execution)}</Fact>
      <Fact name="Most slippage">{execution.maxSlippagePct}%</Fact>
      <Fact name="Least confidence">{execution.minConfidence}</Fact>
      <Fact name="Sources that must agree">
        {EXECUTION_WORDS[execution.agreement]}
      </Fact>
      <Fact name="Retries">{execution.retries}</Fact>
      <Fact name="Breaker">{breakerText(execution)}</Fact>
    </>
  );
}

function slicingText({ slicing, parts, partCandles }: ExecutionConfig) {
  switch (slicing) {
    case "none":
      return "whole";
    case "twap":
      return `${parts} parts, one every ${partCandles} candles`;
    case "iceberg":
      return `${parts} parts, each when the one before is filled`;
  }
}

function chaseText(
  { chase, chaseMoves, chaseDistancePct, chaseEnd }: ExecutionConfig,
) {
  if (chase === "off") return "no";
  const end = chaseEnd === "market" ? "takes what is left" : "gives up";
  return `at most ${chaseMoves} moves and ${chaseDistancePct}%, then ${end}`;
}

function breakerText(
  { breakerFailures, breakerWindowCandles, breakerOpenCandles }:
    ExecutionConfig,
) {
  return breakerFailures === 0
    ? "off"
    : `opens after ${breakerFailures} failures in ${breakerWindowCandles} candles, for ${breakerOpenCandles}`;
}
