import type { DeskAnswer } from "../../../lib/contracts/desk.ts";
import { ProcessDied } from "../machine/boot.ts";
import { isExit } from "./profile.ts";
import { inject } from "./injector.ts";
import { judge } from "./judge.ts";
import type { KnownVenueBug } from "./known_bugs.ts";
import type { VenueViolation } from "./monitor.ts";
import type { CommandPlan, VenueScenario } from "./scenario.ts";
import { createVenueScenario } from "./scenario.ts";
import { SettlingPerson } from "./settling_person.ts";
import { VenueWorld } from "./world.ts";

/** How a seed is run. */
export interface VenueRunOptions {
  /** Default: drawn from the seed. */
  scenario?: VenueScenario;
  bug?: KnownVenueBug;
  onStep?: (line: string) => void;
  dieAtPoint?: number;
  isPowerCut?: boolean;
}

/** What became of one run. */
export interface VenueRunResult {
  seed: number;
  steps: number;
  trace: string;
  /** Processes that there were. */
  boots: number;
  /** Points of the first process at which it could have died. */
  points: number;
  /** Orders that left the desk, and executions at the venue. */
  entries: number;
  exits: number;
  trades: number;
  requests: number;
  /** Entries beyond the first of their decision, moved ones, stops and post-only ones. */
  parts: number;
  moves: number;
  stops: number;
  postOnly: number;
  /** Orders that the owner has called absent. */
  settled: number;
  /** What was found at the venue without a record here. */
  adopted: number;
  violations: readonly VenueViolation[];
}

/** Runs one seed: faults, rest, judgement. */
export async function runVenueSeed(
  seed: number,
  options: VenueRunOptions = {},
): Promise<VenueRunResult> {
  const scenario = options.scenario ?? createVenueScenario(seed);
  const world = new VenueWorld({ ...options, scenario });
  const settling = new SettlingPerson(world);
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    world.uncaught(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  try {
    await play(world, settling);
    await judge(world);
  } catch (error) {
    if (!(error instanceof ProcessDied)) {
      const text = error instanceof Error ? error.stack : String(error);
      world.monitor.report("survival", `The run broke off: ${text}`);
    }
  } finally {
    globalThis.removeEventListener("unhandledrejection", onRejection);
  }
  const { counts, violations } = world.monitor;
  return {
    seed,
    steps: world.trace.steps,
    trace: world.trace.hash,
    boots: world.boots,
    points: world.points,
    ...counts,
    ...world.parents.counts,
    settled: settling.settled,
    trades: world.exchange.ledger.trades.length,
    adopted: world.alerts.filter(({ code }) => code === "ORDER_ADOPTED").length,
    violations,
  };
}

async function play(
  world: VenueWorld,
  settling: SettlingPerson,
): Promise<void> {
  const { clock, scenario } = world;
  for (const fault of scenario.faults) {
    clock.after(fault.atMs, () => inject(world, fault));
  }
  for (const command of scenario.commands) {
    clock.after(command.atMs, () => carryOut(world, command));
  }
  for (const stop of scenario.stops) {
    clock.after(stop.atMs, () => world.stopPerson.carryOut(stop));
  }
  world.start();
  if (!scenario.provesAbsence) settling.begin();
  await clock.advance(scenario.runMs);
  world.heal();
  world.agent.isResting = true;
  world.entriesAllowed = false;
  world.quiesce({ positions: "close", reason: "The end" });
  await clock.advance(scenario.restMs);
}

function carryOut(world: VenueWorld, { kind, forMs }: CommandPlan): void {
  world.entriesAllowed = false;
  if (kind === "pause") {
    world.ask({ type: "setEntries", allowed: false, reason: "Paused" });
  } else {
    const positions = kind === "quiesce_close" ? "close" : "keep";
    world.quiesce(
      { positions, reason: "Stopped" },
      (answer) => judgeQuiesced(world, answer),
    );
  }
  world.clock.after(forMs, () => {
    if (world.agent.isResting) return;
    world.resume();
    world.ask({ type: "setEntries", allowed: true, reason: "Goes on" });
  });
}

/** V6: an answer without open entries is one that nothing rests behind. */
function judgeQuiesced(world: VenueWorld, answer: DeskAnswer | Error): void {
  if (answer instanceof Error || world.entriesAllowed) return;
  const { openOrders } = answer.account;
  if (openOrders.some(({ role }) => role === "entry")) return;
  const left = world.exchange.openOrders.find((order) =>
    !isExit(order, world.scenario)
  );
  if (left === undefined) return;
  world.monitor.report(
    "V6",
    `Entry ${left.clientOrderId} rests although the account answered that none does`,
  );
}
