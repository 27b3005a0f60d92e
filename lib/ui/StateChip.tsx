import type { AgentView } from "../contracts/agent.ts";
import type { ObservedState } from "../contracts/lifecycle.ts";
import { formatDateTime, zoneName } from "./format.ts";
import { Glyph } from "./Glyph.tsx";
import {
  INTENT_WORDS,
  STATE_WORDS,
  type StateWord,
  TRADING_WORDS,
} from "./words.ts";

/** The parts of an agent that its state chip shows. */
export type StateSource = Pick<
  AgentView,
  | "desired"
  | "observed"
  | "observedSince"
  | "restarts"
  | "restartBudget"
  | "lastError"
>;

const DOWN: readonly ObservedState[] = ["stopped", "killed", "quarantined"];

/** The word for a wish that is not fulfilled yet, or null where wish and fact agree. */
export function pendingWord({ desired, observed }: StateSource): string | null {
  const isDown = DOWN.includes(observed);
  switch (desired) {
    case "running":
      if (observed === "paused") return "Resuming…";
      return observed === "stopped" ? INTENT_WORDS.running : null;
    case "paused":
      return observed === "running" || observed === "degraded"
        ? INTENT_WORDS.paused
        : null;
    case "stopped":
      return isDown || observed === "stopping" ? null : INTENT_WORDS.stopped;
    case "retired":
      return INTENT_WORDS.retired;
  }
}

/** Glyph and word of an agent's state; a pending wish is told, never its outcome. */
export function StateChip({ agent }: { agent: StateSource }) {
  const word: StateWord = STATE_WORDS[agent.observed];
  const pending = pendingWord(agent);
  const counts =
    agent.observed === "backing_off" || agent.observed === "quarantined"
      ? ` ${agent.restarts}/${agent.restartBudget}`
      : "";
  const title = `${word.meaning}. Since ${
    formatDateTime(agent.observedSince)
  } ${zoneName()}.${
    agent.lastError === null ? "" : ` Last error: ${agent.lastError}`
  }`;
  // A start that keeps failing looks different from one that is under way.
  const fails = pending !== null && agent.desired === "running" &&
    agent.observed === "stopped" && agent.lastError !== null;
  return (
    <span
      class={`state tone-${
        pending === null ? word.tone : fails ? "warn" : "info"
      }`}
      data-testid="agent-state"
      data-state={agent.observed}
      title={title}
    >
      <Glyph name={pending === null ? word.glyph : fails ? "warn" : "half"} />
      {pending ?? word.word + counts}
    </span>
  );
}

/** Shows that the desk restricts an agent; nothing while trading is active or unknown. */
export function TradingChip(
  { account }: {
    account:
      | Pick<
        NonNullable<AgentView["account"]>,
        "tradingState" | "tradingStateReason"
      >
      | null;
  },
) {
  if (account === null || account.tradingState === "active") return null;
  const word = TRADING_WORDS[account.tradingState];
  return (
    <span
      class={`state state-trading tone-${word.tone}`}
      data-testid="agent-trading-state"
      title={`${word.meaning}. ${account.tradingStateReason ?? ""}`.trim()}
    >
      <Glyph name={word.glyph} />
      {word.word}
    </span>
  );
}

/** Shows that market, exchange or models have a problem; the agent's card and page tell it in full. */
export function ProblemChips(
  { agent }: {
    agent: Pick<
      AgentView,
      "feedProblem" | "venueProblem" | "modelProblem" | "hostProblem"
    >;
  },
) {
  const { feedProblem, venueProblem, modelProblem, hostProblem } = agent;
  return (
    <>
      {hostProblem && (
        <span class="state state-trading tone-danger" title={hostProblem}>
          <Glyph name="warn" /> No host
        </span>
      )}
      {feedProblem !== null && (
        <span class="state state-trading tone-warn" title={feedProblem}>
          <Glyph name="warn" /> No data
        </span>
      )}
      {venueProblem !== null && (
        <span class="state state-trading tone-danger" title={venueProblem}>
          <Glyph name="warn" /> Exchange
        </span>
      )}
      {modelProblem && (
        <span class="state state-trading tone-warn" title={modelProblem}>
          <Glyph name="warn" /> Models
        </span>
      )}
    </>
  );
}
