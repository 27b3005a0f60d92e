import type { Trade } from "../../../../lib/contracts/order.ts";
import type { AgentEvidence, Evidence } from "../evidence.ts";
import { runReference } from "../reference.ts";

/**
 * P7: an agent that nobody commanded has the trades of a run without faults, up
 * to the candle it reached. Not after a power cut: what was not synced is not
 * promised.
 */
export function checkParity(evidence: Evidence): void {
  if (evidence.wasPowerCut) return;
  for (const agent of evidence.agents) {
    if (agent.plan.isLeftAlone && agent.record !== null) {
      compare(evidence, agent);
    }
  }
}

function compare(evidence: Evidence, agent: AgentEvidence): void {
  const { id, record, journal, stored, plan } = agent;
  const markedSeq = Math.max(
    -1,
    ...(journal ?? []).map(({ mark }) => mark?.seq ?? -1),
  );
  const expected = runReference({
    config: record!.config,
    startSeq: record!.startSeq,
    tradeFromSeq: record!.tradeFromSeq,
    lastSeq: markedSeq,
    simulationSeed: evidence.scenario.seed,
    usesParts: evidence.scenario.usesParts === true,
    series: evidence.series(plan),
  });
  const texts = stored.map(comparable);
  expected.map(comparable).forEach((text, index) => {
    if (texts[index] === text) return;
    evidence.report(
      "P7",
      `Trade ${index + 1} of ${id} is ${
        texts[index] ?? "missing"
      }, without faults it is ${text}`,
    );
  });
  if (texts.length > expected.length) {
    evidence.report(
      "P7",
      `${id} has ${texts.length} trades up to candle ${markedSeq}, without faults it has ${expected.length}`,
    );
  }
}

function comparable({ tradeId, entrySeq, exitSeq, netPnl }: Trade): string {
  return `${tradeId} ${entrySeq}-${exitSeq} ${netPnl}`;
}
