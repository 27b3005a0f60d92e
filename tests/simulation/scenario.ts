/**
 * What happens in a world, drawn from its seed before it starts: agents,
 * commands of a person, and faults. Pure.
 *
 * @module
 */
import type { ControlAction } from "../../lib/contracts/agent.ts";
import {
  ENDED_BYTES,
  RICH_EVERY,
  RICH_WORLD,
  SEGMENT_BYTES,
  SMALL_WORLD,
} from "./limits.ts";
import type { StoreMode } from "./machine/kv_faults.ts";
import { Dice } from "./dice.ts";
import { type AgentPlan, drawAgent, withMarketEntries } from "./draw_agent.ts";

/** One command of a person. A repeated one is sent twice. */
export interface CommandPlan {
  atMs: number;
  agent: number;
  action: ControlAction | "configure" | "remove";
  positions: "close" | "keep";
  isRepeated: boolean;
}

/** Whom a fault hits: the desk, the feeds, or an agent by its number. */
export type Target = "desk" | "feed:simulated" | "feed:replay" | number;

/** One fault. */
export type FaultPlan =
  & { atMs: number }
  & (
    | { kind: "crash" | "vanish"; target: Target }
    | { kind: "hang"; target: Target; forMs: number; isZombie: boolean }
    | {
      kind:
        | "drop_heartbeats"
        | "drop_acks"
        | "repeat_acks"
        | "repeat_reports";
      target: Target;
      count: number;
    }
    | { kind: "slow"; target: Target; forMs: number; upToMs: number }
    | { kind: "store"; mode: StoreMode; forMs: number }
    | { kind: "disk_full"; forMs: number }
    | { kind: "stall_main"; forMs: number }
    | { kind: "jump_wall"; byMs: number }
    | { kind: "kill_host"; afterPoints: number; isPowerCut: boolean }
    // When a journal goes on in a new segment: before it, half-way, or after it.
    | { kind: "kill_at_segment"; afterPoints: 1 | 2 | 3; isPowerCut: boolean }
  );

/** A whole scenario. */
export interface Scenario {
  seed: number;
  chaosMs: number;
  /** Bytes of records in a segment of a journal, and of ended segments that are kept in any case. */
  segmentBytes: number;
  endedBytes: number;
  agents: readonly AgentPlan[];
  commands: readonly CommandPlan[];
  faults: readonly FaultPlan[];
  /** Entries are sent in parts, moved, post-only or by stops. */
  usesParts?: boolean;
}

/** How many times the faults of its seed a heavy scenario has. */
const HEAVY_TIMES = 3;

/** Draws the scenario of a seed; a heavy one has three times the faults. */
export function createScenario(
  seed: number,
  options: { isHeavy?: boolean } = {},
): Scenario {
  const dice = new Dice(seed);
  const size = seed % RICH_EVERY === 0 ? RICH_WORLD : SMALL_WORLD;
  const { chaosMs } = size;
  const agents = Array.from(
    { length: dice.between(...size.agents) },
    (_, index) => withMarketEntries(drawAgent(dice, { index, size })),
  );
  const commands = agents.flatMap(({ isLeftAlone }, agent) =>
    isLeftAlone ? [] : drawCommands(dice, { agent, chaosMs })
  );
  const times = options.isHeavy === true ? HEAVY_TIMES : 1;
  const faults = Array.from(
    { length: times * dice.between(2, 9) },
    () => drawFault(dice, { agents: agents.length, chaosMs }),
  );
  const segmentBytes = dice.of(SEGMENT_BYTES);
  const endedBytes = dice.of(ENDED_BYTES);
  return {
    seed,
    chaosMs,
    segmentBytes,
    endedBytes,
    agents,
    commands,
    faults,
    usesParts: seed % PARTS_EVERY === 0,
  };
}

/** In one world of so many entries are sent in parts and moved. */
const PARTS_EVERY = 2;

function drawCommands(
  dice: Dice,
  { agent, chaosMs }: { agent: number; chaosMs: number },
): CommandPlan[] {
  const actions = [
    "start",
    "pause",
    "pause",
    "resume",
    "resume",
    "stop",
    "restart",
    "kill",
    "rearm",
    "configure",
  ] as const;
  const commands = Array.from(
    { length: dice.between(1, 6) },
    (): CommandPlan => ({
      atMs: dice.between(2_000, chaosMs),
      agent,
      action: dice.of(actions),
      positions: dice.of(["close", "keep"] as const),
      isRepeated: dice.chance(0.3),
    }),
  );
  if (dice.chance(0.15)) {
    commands.push({
      atMs: dice.between(chaosMs / 2, chaosMs),
      agent,
      action: "remove",
      positions: "close",
      isRepeated: dice.chance(0.3),
    });
  }
  return commands;
}

function drawFault(
  dice: Dice,
  { agents, chaosMs }: { agents: number; chaosMs: number },
): FaultPlan {
  const atMs = dice.between(500, chaosMs - 5_000);
  const target = drawTarget(dice, agents);
  const forMs = dice.between(500, 12_000);
  switch (dice.between(0, 15)) {
    case 0:
    case 1:
      return { atMs, kind: dice.of(["crash", "vanish"] as const), target };
    case 2:
    case 3:
      return {
        atMs,
        kind: "hang",
        target,
        forMs,
        // A hung desk that burns on could not write: its isolate is ended.
        isZombie: typeof target === "number" && dice.chance(0.6),
      };
    case 4:
    case 5:
      return {
        atMs,
        kind: dice.of(
          [
            "drop_heartbeats",
            "drop_acks",
            "repeat_acks",
            "repeat_reports",
          ] as const,
        ),
        target,
        count: dice.between(1, 7),
      };
    case 6:
      return { atMs, kind: "slow", target, forMs, upToMs: dice.of([5, 300]) };
    case 7:
      return { atMs, kind: "disk_full", forMs: Math.min(forMs, 3_000) };
    case 8:
      return { atMs, kind: "stall_main", forMs };
    case 9:
      return { atMs, kind: "jump_wall", byMs: dice.between(-5_000, 3_600_000) };
    case 10:
    case 11:
      return {
        atMs,
        kind: "store",
        forMs,
        mode: dice.of(
          [
            "flaky",
            "flaky",
            "contended",
            "partitioned",
            "full",
            "deaf",
          ] as const,
        ),
      };
    case 12:
    case 13:
      return {
        atMs,
        kind: "kill_at_segment",
        afterPoints: dice.of([1, 2, 2, 3] as const),
        isPowerCut: dice.chance(0.25),
      };
    default:
      return {
        atMs,
        kind: "kill_host",
        afterPoints: dice.between(1, 400),
        isPowerCut: dice.chance(0.25),
      };
  }
}

function drawTarget(dice: Dice, agents: number): Target {
  if (dice.chance(0.3)) return "desk";
  if (dice.chance(0.2)) {
    return dice.of(["feed:simulated", "feed:replay"] as const);
  }
  return dice.between(0, agents - 1);
}
