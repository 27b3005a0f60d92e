/** Stops as the panel sees them, and an emergency dialog whose server answers as told. */
import { effect } from "@preact/signals";
import type {
  DrillAgent,
  DrillResponse,
  Lever,
  StopProgress,
  StopView,
} from "../../../lib/contracts/emergency.ts";
import {
  StopSession,
  type StopSessionOptions,
} from "../../../lib/ui/emergency/stop_session.ts";
import { latch } from "../desk/emergency_world.ts";
import { Due } from "./due.ts";
import { agent } from "./fixtures.ts";

/** One account of a stop. */
export const row = (change: Partial<StopProgress> = {}): StopProgress => ({
  agentId: "a",
  state: "working",
  blockedAt: 1,
  ordersLeft: 0,
  positionLeft: "0",
  orders: [],
  error: null,
  ...change,
});

/** A stop that closes everything and is at work. */
export const view = (change: Partial<StopView> = {}): StopView => ({
  ...latch({ lever: "flatten" }),
  isWorking: true,
  progress: [row()],
  residue: [],
  ...change,
});

/** What a stop would do to one agent with a position. */
export function drillOf(lever: Lever, orders: number): DrillResponse {
  const one: DrillAgent = {
    agentId: "a",
    name: "a",
    symbol: "BTC/USDT",
    simulated: true,
    orders: [],
    position: {
      size: "-1",
      markPrice: "5",
      notional: "5",
      slippage: null,
      fee: null,
    },
    losesProtection: false,
    note: null,
  };
  return {
    lever,
    scope: { kind: "all" },
    agents: [one],
    totals: {
      agents: 1,
      agentsStopped: 1,
      orders,
      positions: 1,
      notional: "5",
      slippage: null,
    },
    expectedMs: null,
  };
}

/** A session whose server answers as told, and whose timers run when asked to. */
export function createSession(answers: (Error | StopView)[]) {
  const keys: string[] = [];
  const due = new Due();
  let made = 0;
  const states = [view(), view({ isWorking: false })];
  const api: StopSessionOptions["api"] = {
    drill: (lever) =>
      Promise.resolve(drillOf(lever, lever === "cancel" ? 1 : 3)),
    newKey: () => `key-${++made}`,
    stopTrading(_request, key) {
      keys.push(key);
      const answer = answers.shift()!;
      return answer instanceof Error
        ? Promise.reject(answer)
        : Promise.resolve({ stop: answer, isLatched: true, detail: "Latched" });
    },
    emergency: () =>
      Promise.resolve({
        latches: [states.shift()!],
        released: [],
        fileProblem: null,
        isDeskUp: true,
      }),
    listAgents: () =>
      Promise.resolve({
        items: [agent({ observed: states.length > 0 ? "running" : "stopped" })],
        nextCursor: null,
      }),
  };
  const session = new StopSession({ api, schedule: due.schedule });
  return { session, keys, due };
}

/** Runs what the session has put off, and waits for what it makes of that: new steps, or the question again. */
export async function turn(
  { session, due }: Pick<ReturnType<typeof createSession>, "session" | "due">,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const before = session.steps.peek();
  const unwatch = effect(() => {
    const isNew = session.steps.value !== before;
    if (isNew || session.phase.value === "asking") resolve();
  });
  due.next();
  await promise;
  unwatch();
}
