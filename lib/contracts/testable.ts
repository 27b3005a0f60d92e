import type { AgentType } from "./agent_config.ts";
import { AGENT_TYPE_WORDS, hasAccount } from "./agent_types.ts";

/** Why an agent of a type cannot be backtested by itself, as a part of a sentence; null where it can. */
export function whyUntestable(type: AgentType): string | null {
  if (!hasAccount(type)) return "it trades nothing; test the agents it guards";
  return type === "executor"
    ? "it trades the signals of other agents; backtest those instead"
    : AGENT_TYPE_WORDS[type].unavailable;
}
