import type { AgentWorkerConfig } from "../lib/contracts/agent.ts";
import type { AgentConfig } from "../lib/contracts/agent_config.ts";
import { assert } from "../lib/core/assert.ts";
import type { CandleLoopSnapshot } from "./candle_loop.ts";
import { hasSameStream } from "./config_change.ts";

/** What tells whether a snapshot is of the same stream of candles. */
interface StreamState {
  /** Configuration that the state was made with. */
  config: AgentConfig;
  startSeq: number;
}

/**
 * Refuses a start configuration whose first candle is none.
 *
 * @throws {DefectError}
 */
export function assertStart({ startSeq }: AgentWorkerConfig): void {
  assert(
    Number.isSafeInteger(startSeq) && startSeq >= 0,
    `First candle must have a sequence number, was ${startSeq}`,
  );
}

/** Whether an agent can go on from a snapshot: on another market it starts afresh. */
export function isUsable<State extends StreamState>(
  snapshot: State | null,
  { config, startSeq }: AgentWorkerConfig,
): snapshot is State {
  return snapshot !== null && snapshot.startSeq === startSeq &&
    hasSameStream(snapshot.config, config);
}

/** Where an agent stands that has not decided anything yet. */
export function loopStart({ startSeq }: AgentWorkerConfig): CandleLoopSnapshot {
  return { decidedSeq: startSeq - 1, lastActions: null, endedSeq: null };
}
