import assert from "node:assert/strict";
import type { LinkOpenMessage } from "../../../actors/protocol.ts";
import { Wiring } from "../../../actors/supervision/wiring.ts";
import type { FleetContext } from "../../../lib/fleet/context.ts";
import {
  connectInference,
  INFERENCE_ID,
} from "../../../lib/fleet/inference.ts";

/** What an engine is told of a worker of one start of the server. */
function workerEpochOf(
  { startedAt, epoch }: { startedAt: number; epoch: number },
): unknown {
  const wiring = new Wiring();
  const opened: LinkOpenMessage[] = [];
  const post = (message: { type: string }) => {
    if (message.type === "link_open") opened.push(message as LinkOpenMessage);
  };
  connectInference(
    { supervisor: wiring, startedAt } as unknown as FleetContext,
    "agt_1",
  );
  wiring.up(INFERENCE_ID, { epoch, ports: "memory", post: () => {} });
  wiring.up("agt_1", { epoch: 1, ports: "memory", post });
  return (opened[0]!.info as { workerEpoch: unknown }).workerEpoch;
}

Deno.test("connectInference tells an engine another number for each worker, also over restarts of the server", () => {
  const starts = [
    { startedAt: 1_750_000_000_000, epoch: 1 },
    { startedAt: 1_750_000_000_000, epoch: 2 },
    { startedAt: 1_750_000_060_000, epoch: 1 },
  ];
  const told = starts.map(workerEpochOf);
  assert.equal(new Set(told).size, starts.length);
  assert.equal(workerEpochOf(starts[0]!), told[0], "the same worker");
});
