/** What tests of backups share. */
import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { Trade } from "../../lib/contracts/order.ts";
import type { StorePage } from "../../lib/store/port.ts";
import type { TestApi } from "../support/api.ts";
import { tirelessConfig } from "../support/config.ts";
import { REPLAY_FILE } from "../support/replay_file.ts";

export const ROOT = new URL("../../", import.meta.url);

/** Fast enough that an agent trades within seconds of real time. */
export const FAST = { SIMULATION_SPEED: "6000" };

/** The key that seals is in no backup: an operator keeps it apart. */
export async function bringKey(from: string, to: string): Promise<void> {
  const name = "exchange-key-secret";
  await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
}

/** Runs a task as it stands in deno.json; answers with its code and everything it printed. */
export async function task(
  name: "backup" | "restore",
  args: readonly string[],
  dataDir: string,
): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", name, ...args],
    cwd: ROOT,
    env: { DATA_DIR: dataDir, NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

export async function spawn(api: TestApi, name: string): Promise<AgentView> {
  return await api.send<AgentView>("POST", "/api/agents/spawn", {
    config: tirelessConfig(name),
    acknowledgeWarnings: true,
  });
}

/** An agent on a file of candles of 15 minutes, one each 9 ms. */
export async function replay(api: TestApi, name: string): Promise<AgentView> {
  return await api.send<AgentView>("POST", "/api/agents/spawn", {
    config: {
      ...tirelessConfig(name),
      timeframe: "15m",
      feed: { kind: "replay", file: REPLAY_FILE, speed: 100_000 },
    },
    acknowledgeWarnings: true,
  });
}

/** What agents have when their files have ended: balances, positions, orders, and every trade. */
export async function booksAtTheEnd(
  api: TestApi,
  agents: readonly AgentView[],
): Promise<unknown[]> {
  return await Promise.all(agents.map(async ({ id }) => {
    const { account, progress } = await api.waitForAgent(
      id,
      ({ progress, account }) =>
        progress.ended && account?.seq === progress.seq,
    );
    assert.ok((account?.trades ?? 0) > 0, "it has traded");
    return { account, progress, trades: await readTrades(api, id) };
  }));
}

export async function stop(api: TestApi, id: string): Promise<AgentView> {
  await api.send("POST", `/api/agents/${id}/control`, { action: "stop" });
  return await api.waitForAgent(id, ({ observed }) => observed === "stopped");
}

export function tradesOf(agent: AgentView): number {
  return agent.account?.trades ?? 0;
}

/** The agent's first trades, oldest first; tests make fewer than one page. */
export async function readTrades(api: TestApi, id: string): Promise<Trade[]> {
  const page = await api.get<StorePage<Trade>>(
    `/api/agents/${id}/trades?limit=200`,
  );
  assert.equal(page.nextCursor, null);
  return page.items.toReversed();
}
