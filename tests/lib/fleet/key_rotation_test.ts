import assert from "node:assert/strict";
import type { AccountView } from "../../../lib/contracts/account.ts";
import type { StoredExchangeKey } from "../../../lib/contracts/exchange_key.ts";
import { refuseWhileTraded } from "../../../lib/fleet/key_rotation.ts";
import { type AgentEntry, AgentRegistry } from "../../../lib/fleet/registry.ts";
import { agentEntry } from "../../support/record.ts";

const KEY = { view: { id: "key_1", label: "main" } } as StoredExchangeKey;
const FLAT = { position: null, openOrders: [] } as unknown as AccountView;

/** An agent of the key that has stopped, with its books settled and flat. */
function stopped(change: Partial<AgentEntry> = {}): AgentEntry {
  const entry = agentEntry({ name: "trend" });
  entry.record = {
    ...entry.record,
    desired: "stopped",
    config: { ...entry.record.config, exchangeKeyId: "key_1" },
  };
  entry.observed = { ...entry.observed, epoch: 3, settledFor: "cmd_0" };
  entry.account = FLAT;
  return Object.assign(entry, change);
}

/** What refuses to replace the secrets; null for nothing. */
function refusal(...entries: AgentEntry[]): string | null {
  const agents = new AgentRegistry();
  entries.forEach((entry, index) => {
    entry.record = { ...entry.record, id: `agt_${index}` };
    agents.add(entry);
  });
  try {
    refuseWhileTraded({ agents }, KEY);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

Deno.test("refuseWhileTraded() lets a key go whose agents have stopped, are flat or never began", () => {
  const { observed } = agentEntry({ name: "new" });
  const never = stopped({ account: null, observed });
  const other = agentEntry({ name: "other" });
  assert.equal(refusal(), null);
  assert.equal(refusal(stopped(), never, other), null);
});

Deno.test("refuseWhileTraded() names the agents that trade with a key, or may have something at its exchange", () => {
  const wanted = (desired: "running" | "paused" | "retired") => {
    const entry = stopped();
    entry.record = { ...entry.record, desired };
    return entry;
  };
  const stopping = stopped();
  stopping.record = { ...stopping.record, commandId: "cmd_1" };
  for (const entry of [wanted("running"), wanted("paused")]) {
    assert.match(
      refusal(entry, stopped()) ?? "",
      /^The secrets of the key "main" cannot be replaced while "trend" is not stopped; stop it first$/,
    );
  }
  const settling = stopped({ needsSettling: true });
  for (const entry of [wanted("retired"), stopping, settling]) {
    assert.match(
      refusal(entry, stopped()) ?? "",
      /^The secrets of .* while "trend" is still being stopped; try again in a few seconds$/,
    );
  }
  const position = {} as AccountView["position"];
  const order = {} as AccountView["openOrders"][number];
  for (const change of [{ position }, { openOrders: [order] }]) {
    assert.match(
      refusal(stopped({ account: { ...FLAT, ...change } })) ?? "",
      /while "trend" is not flat at the exchange; close the positions and orders of it first$/,
    );
  }
  assert.match(
    refusal(wanted("running"), wanted("paused")) ?? "",
    /while "trend", "trend" are not stopped/,
  );
});
