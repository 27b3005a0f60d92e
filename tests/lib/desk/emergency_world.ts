/** A desk with a folder of emergency stops in memory, and stops to put on it. */
import type {
  EmergencyDeskState,
  Latch,
  StopView,
} from "../../../lib/contracts/emergency.ts";
import type { EmergencyFiles } from "../../../lib/desk/emergency/files.ts";
import type { Bench } from "./program_world.ts";
import { submit } from "./support.ts";

/** A folder whose disk can refuse. */
export class MemoryEmergencyFiles implements EmergencyFiles {
  readonly path = "/emergency/latches.json";
  latches: string | null = null;
  aside: string[] = [];
  readonly inbox = new Map<string, string | null>();
  readonly answers = new Map<string, string>();
  isReadOnly = false;
  isUnreadable = false;
  isRunning = false;
  writes = 0;
  onWrite: () => void = () => {};

  readLatches(): string | null {
    if (this.isUnreadable) throw new Error("Permission denied");
    return this.latches;
  }

  writeLatches(text: string): void {
    this.#refuse();
    this.writes++;
    this.onWrite();
    this.latches = text;
  }

  putAside(): void {
    this.#refuse();
    this.aside.push(this.latches ?? "");
    this.latches = null;
  }

  requests() {
    return [...this.inbox].map(([name, text]) => ({ name, text, at: 1 }));
  }

  setRunning(isRunning: boolean): void {
    this.#refuse();
    this.isRunning = isRunning;
  }

  answer(name: string, text: string): void {
    this.#refuse();
    this.answers.set(name, text);
  }

  #refuse(): void {
    if (this.isReadOnly) throw new Error("Read-only file system");
  }
}

/** A latch on everything unless told otherwise. */
export function latch(change: Partial<Latch> = {}): Latch {
  return {
    id: "stop_00000001",
    scope: { kind: "all" },
    lever: "block",
    withdrawAll: false,
    reason: "a drill",
    by: { userId: "usr_1", name: "owner@example.com", via: "api" },
    at: 1,
    collarPct: 5,
    deadlineMs: 10_000,
    endedAt: null,
    isAudited: false,
    release: null,
    ...change,
  };
}

export async function pull(
  bench: Bench,
  change: Partial<Latch> = {},
): Promise<StopView> {
  const wanted = latch(change);
  const { latches } = await askEmergency(bench, { op: "latch", latch: wanted });
  return latches.find(({ id }) => id === wanted.id)!;
}

export async function release(
  bench: Bench,
  id = "stop_00000001",
): Promise<EmergencyDeskState> {
  const by = { userId: "usr_2", name: "second@example.com", via: "api" };
  return await askEmergency(bench, {
    op: "release",
    id,
    by,
    reason: "over",
    at: 2,
  });
}

export async function askEmergency(
  bench: Bench,
  query: Record<string, unknown>,
): Promise<EmergencyDeskState> {
  const answer = await bench.desk.ask!({ type: "emergency", ...query });
  return answer as unknown as EmergencyDeskState;
}

/** A limit entry that rests until the market falls to 90. */
export function resting(seq: number) {
  return submit(seq, {
    entry: { type: "limit", price: 90 },
    stopPrice: 80,
    targetPrice: 120,
  });
}

/** A step with a resting entry after it. */
export function rest(bench: Bench, seq = 0): void {
  bench.candle(seq);
  bench.agent(resting(seq));
}

/** Steps until a position is open. */
export function openPosition(bench: Bench): void {
  bench.candle(0);
  bench.agent(submit(0));
  bench.step(1);
}
