/**
 * What the parent does when the host process has ended. Pure: times and chance
 * are handed in, so that every rule is tested without a process.
 *
 * @module
 */
import { Backoff } from "../../actors/supervision/backoff.ts";
import { RestartBudget } from "../../actors/supervision/budget.ts";
import { EXIT_CODES } from "../core/exit_codes.ts";
import { type ExitStatus, explainExit } from "./exit_meaning.ts";
import {
  BACKOFF_RESET_MS,
  CRASH_LOOP_WINDOW_MS,
  HEALTHY_MS,
  RESTART_FACTOR,
  RESTART_JITTER,
  RESTART_MAX_MS,
  RESTART_MIN_MS,
} from "./limits.ts";

/** One life of the host process, looked back on. Times are monotonic. */
export interface HostLife {
  status: ExitStatus;
  endedAtMs: number;
  /** How long it had answered requests; null if it never did. */
  readyMs: number | null;
  /** Why the parent ended it, or null if it ended otherwise. */
  endedBecause: string | null;
}

/** What to do next, with the one line that says so. */
export type NextStep =
  | { kind: "restart"; delayMs: number; line: string }
  /** `line` is null where the host's own last line says it all. */
  | { kind: "end"; exitCode: number; line: string | null };

/** Rules of restarting. */
export interface HostSupervisionOptions {
  /** Deaths within the window, none of them healthy, after which the parent gives up; 0 = the first one. */
  restartsMax: number;
  /** From 0 to below 1. */
  random: () => number;
}

/** Decides whether and when the host starts again. */
export class HostSupervision {
  readonly #backoff: Backoff;
  readonly #budget: RestartBudget;
  #restarts = 0;
  #wasReadyOnce = false;

  constructor({ restartsMax, random }: HostSupervisionOptions) {
    this.#backoff = new Backoff({
      minMs: RESTART_MIN_MS,
      maxMs: RESTART_MAX_MS,
      factor: RESTART_FACTOR,
      jitter: RESTART_JITTER,
      resetAfterMs: BACKOFF_RESET_MS,
    }, random);
    this.#budget = new RestartBudget({
      restarts: restartsMax,
      windowMs: CRASH_LOOP_WINDOW_MS,
    });
  }

  /** How often the host was started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** The host has ended although nobody asked the parent to stop. */
  next(life: HostLife): NextStep {
    const { status, readyMs, endedBecause } = life;
    const isFirstStart = !this.#wasReadyOnce && this.#restarts === 0;
    if (readyMs !== null) this.#wasReadyOnce = true;
    if (endedBecause === null && status.signal === null) {
      const { code } = status;
      // Someone else asked the host to stop, and it did.
      if (code === EXIT_CODES.ok) return end(code);
      if (code === EXIT_CODES.config) return end(code);
      if (code === EXIT_CODES.cannotStart && isFirstStart) return end(code);
      if (code === EXIT_CODES.recycle && readyMs !== null) {
        return this.#restart(0, "The host process asked for a fresh one");
      }
    }
    const what = endedBecause === null
      ? `The host process ended (${explainExit(status)})`
      : `The host process was ended (${endedBecause})`;
    if (readyMs !== null && readyMs >= HEALTHY_MS) this.#budget.reset();
    if (!this.#budget.tryUse(life.endedAtMs)) {
      return end(EXIT_CODES.failed, this.#giveUp(what));
    }
    return this.#restart(this.#backoff.next(readyMs ?? 0), what, life);
  }

  #restart(delayMs: number, what: string, life?: HostLife): NextStep {
    this.#restarts++;
    const count = life === undefined
      ? ""
      : `, ${
        this.#budget.used(life.endedAtMs)
      } of at most ${this.#budget.size} within ${
        minutes(CRASH_LOOP_WINDOW_MS)
      }`;
    return {
      kind: "restart",
      delayMs,
      line: `${what}; starting again ${
        delayMs === 0
          ? "at once"
          : `in ${Number((delayMs / 1_000).toPrecision(2))} s`
      } (restart ${this.#restarts}${count})`,
    };
  }

  #giveUp(what: string): string {
    const loop = this.#budget.size === 0
      ? "HOST_RESTARTS_MAX=0 says not to start it again"
      : `it was started again ${times(this.#budget.size)} within ${
        minutes(CRASH_LOOP_WINDOW_MS)
      } and never worked for ${HEALTHY_MS / 1_000} s`;
    return `${what}; ${loop}. The data is safe. Look at the last lines above; ` +
      "free memory or disk space, or lower MAX_AGENTS_PER_HOST, and start again; " +
      "if the store is damaged, restore a backup with: deno task restore";
  }
}

function end(exitCode: number, line: string | null = null): NextStep {
  return { kind: "end", exitCode, line };
}

function times(count: number): string {
  return count === 1 ? "1 time" : `${count} times`;
}

function minutes(ms: number): string {
  return `${ms / 60_000} minutes`;
}
