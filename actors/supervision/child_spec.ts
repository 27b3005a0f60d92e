import type {
  LifecycleChanged,
  ObservedState,
} from "../../lib/contracts/lifecycle.ts";
import type { Clock } from "../clock.ts";
import type { ActorHost } from "../host.ts";
import type { Lane } from "../mailbox.ts";
import type { Heartbeat } from "../protocol.ts";
import type { BackoffOptions } from "./backoff.ts";
import type { BudgetOptions } from "./budget.ts";
import type { Dependencies } from "./dependencies.ts";
import type { DeadLetterReason } from "./incarnation.ts";
import type { Wiring } from "./wiring.ts";

/**
 * When a child that ended is started again, in the words of OTP. `permanent`:
 * always. `transient`: after a failure, but not when it ended by itself.
 * `temporary`: never; a failure quarantines it at once.
 */
export type RestartKind = "permanent" | "transient" | "temporary";

/** What an actor starts an incarnation from. */
export interface ChildInit {
  config: unknown;
  snapshot: unknown;
}

/** What a supervisor must know to run an actor. Times are milliseconds. */
export interface ChildSpec {
  /** Unique within the supervisor. */
  id: string;
  /** Free text such as `agent`, `feed`, `desk`. A drain stops neighbours of one kind together. */
  kind: string;
  /** Makes the place for one incarnation; called anew for each. */
  createHost(): ActorHost;
  /**
   * Loaded before each start, so that a restart goes on from the newest stored
   * state. It must wait for snapshots that `onEvent` handed over and that are
   * still being stored.
   */
  loadInit(): Promise<ChildInit>;
  restart: RestartKind;
  /** Time to stop by itself before it is terminated; default `SHUTDOWN_MS`. */
  shutdownMs?: number;
  /** Time from the start request, `loadInit` included, to up; default `START_MS`. */
  startMs?: number;
  /** Silence after which it counts as dead; default `DEAD_MS`. */
  deadMs?: number;
  /** Default `RESTART_BUDGET`: 5 restarts in 60 s; the next failure quarantines. */
  budget?: BudgetOptions;
  /** Default `RESTART_BACKOFF`. */
  backoff?: BackoffOptions;
  /** The actor is paused before anything reaches it, and so is each later incarnation until it is resumed. */
  startPaused?: boolean;
  /**
   * Children without which this one cannot work. While one of them is not up,
   * this one waits in `reconciling` with its state kept; it goes on when all are
   * up and linked again (rest-for-one, without the loss of a restart). It
   * answers commands meanwhile; a pause or resume changes its side at once and
   * its state when it goes on. Waiting counts for no deadline, and a child that
   * is not known is not up. Nothing may depend on itself.
   */
  dependsOn?: readonly string[];
  /**
   * A heartbeat with a larger heap ends the incarnation gracefully and starts
   * the next from its snapshot, for one restart of the budget; when none is
   * left the child is quarantined. Default: no cap.
   */
  softHeapBytes?: number;
  /** Number of the first incarnation, for epochs that go on after a restart of the process; default 1. */
  firstEpoch?: number;
}

/** The latest crash of a child, for whoever has to find out why. */
export interface CrashInfo {
  message: string;
  /** Where it was thrown, or null when the actor could not say. */
  stack: string | null;
  /** Incarnation that crashed. */
  epoch: number;
  /** Milliseconds since 1970. */
  at: number;
}

/** What a supervisor knows of a child right now. */
export interface ChildStatus {
  id: string;
  kind: string;
  state: ObservedState;
  /** Number of the latest incarnation. */
  epoch: number;
  /** Whether it is, or will be once it is up, paused. */
  isPaused: boolean;
  /** Why it is in this state. */
  cause: string;
  /** When it came into this state, milliseconds since 1970; null before its first start. */
  since: number | null;
  /** Restarts within the current budget window. */
  restarts: number;
  restartBudget: number;
  /** When the next attempt is due, milliseconds since 1970, or null where none is planned. */
  retryAt: number | null;
  /** Latest heartbeat of the current incarnation. */
  heartbeat: Heartbeat | null;
  /** Null while it never crashed under its current spec. */
  lastCrash: CrashInfo | null;
  /** Commands that wait for the actor to take them. */
  commandDepth: number;
  /** Messages that reached nobody, over all incarnations. */
  deadLetters: number;
  /** Incarnations terminated because they hung; the thread of each may burn on. */
  abandoned: number;
}

/** Everything a supervisor tells its owner. */
export type SupervisorEvent =
  | { type: "lifecycle"; change: LifecycleChanged }
  | { type: "heartbeat"; id: string; epoch: number; heartbeat: Heartbeat }
  | { type: "report"; id: string; epoch: number; report: unknown }
  /** Taken on request, and once more when an actor stops gracefully. */
  | { type: "snapshot"; id: string; epoch: number; snapshot: unknown }
  /** A command to the actor was refused, or the actor failed because it sent too much. */
  | { type: "mailbox_overflow"; id: string; lane: Lane }
  | {
    type: "dead_letter";
    id: string;
    epoch: number;
    reason: DeadLetterReason;
    /** Link it travelled on, or null on the actor's own channel. */
    link: string | null;
    /** What it was, never its content. */
    detail: string;
  }
  /** Threads of terminated actors that still burn: only the end of the process ends them. 0 when they are gone. */
  | { type: "zombie_threads"; count: number; detail: string };

/** What the children of one supervisor share. */
export interface ChildContext {
  clock: Clock;
  random: () => number;
  wiring: Wiring;
  dependencies: Dependencies;
  emit(event: SupervisorEvent): void;
  /** An actor said how much CPU time its own thread has used since it started. */
  onCpu(id: string, used: { epoch: number; cpuMs: number | null }): void;
  /** An incarnation has ended. If it was without a word of its own, its thread may burn on. */
  onEnded(id: string, how: { isAbandoned: boolean }): void;
}
