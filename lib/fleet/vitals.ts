import type { AgentVitalsAnswer } from "../../agents/mod.ts";
import { STREAM_VERSION } from "../contracts/stream.ts";
import type { FleetContext } from "./context.ts";
import type { AgentEntry } from "./registry.ts";
import { describeWait } from "./sources/wiring.ts";

/** Asks an agent where it stands, and tells whoever watches its market. Failures show as missing heartbeats. */
export async function readVitals(
  context: FleetContext,
  entry: AgentEntry,
): Promise<void> {
  const { id, config } = entry.record;
  let vitals: AgentVitalsAnswer;
  try {
    vitals = await context.supervisor.ask(id, {
      type: "vitals",
    }) as AgentVitalsAnswer;
  } catch {
    return;
  }
  const moved = vitals.decidedSeq !== entry.progress.seq;
  entry.progress = {
    ...entry.progress,
    seq: vitals.decidedSeq,
    ended: vitals.ended,
  };
  entry.lastDecision = vitals.lastDecision;
  entry.lastPattern = vitals.lastPattern;
  entry.latency = { ...entry.latency, ...vitals.latency };
  // Between two candles of a market that moves on it waits for a moment only.
  entry.waitsFor = moved ? null : describeWait(context, vitals.waitsFor ?? []);
  entry.modelProblem = vitals.problem ?? null;
  entry.entryBreaker = vitals.entryBreaker ?? null;
  entry.isDirty = true;
  if (!moved || vitals.lastCandle === null) return;
  context.publishVolatile({
    v: STREAM_VERSION,
    seq: null,
    topic: "market:update",
    type: "market.updated",
    at: new Date(context.clock.nowMs()).toISOString(),
    data: {
      agentId: id,
      symbol: config.symbol,
      timeframe: config.timeframe,
      simulated: !entry.livePrices,
      source: config.feed.kind,
      candle: vitals.lastCandle,
    },
  }, id);
}
