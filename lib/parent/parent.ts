/**
 * The supervising parent: keeps one host process alive until it is told to
 * stop. A worker's full heap, a fault in native code or a hung main isolate ends
 * the whole host process, so somebody outside of it has to start it again.
 *
 * @module
 */
import type { Clock, Timer } from "../../actors/clock.ts";
import { EXIT_CODES } from "../core/exit_codes.ts";
import type { ExitStatus } from "./exit_meaning.ts";
import { HostSupervision } from "./host_supervision.ts";
import {
  HANG_KILL_MS,
  PROBE_EVERY_MS,
  PROBE_MISSES_MAX,
  STOP_KILL_MS,
} from "./limits.ts";
import { LivenessWatch } from "./liveness_watch.ts";

/** A started host process. */
export interface HostProcess {
  pid: number;
  ended: Promise<ExitStatus>;
  /** Sends a signal; does nothing if the process has ended already. */
  signal(name: "SIGTERM" | "SIGKILL" | "SIGUSR2"): void;
}

/** What a parent needs of the world. */
export interface ParentOptions {
  clock: Clock;
  random: () => number;
  restartsMax: number;
  launch(): HostProcess;
  /** Asks the host for a sign of life; null where it cannot be reached from here. */
  probe: (() => Promise<boolean>) | null;
  /** Prints one line. */
  say(line: string): void;
}

/** Starts the host again and again until it is to stop. */
export class Parent {
  readonly #options: ParentOptions;
  readonly #supervision: HostSupervision;
  #host: HostProcess | null = null;
  #isStopping = false;
  #killTimer: Timer | null = null;
  /** Ends the pause before a restart. */
  #wake: (() => void) | null = null;

  constructor(options: ParentOptions) {
    this.#options = options;
    this.#supervision = new HostSupervision(options);
  }

  /** Resolves with the exit code of the parent. */
  async run(): Promise<number> {
    const { say } = this.#options;
    while (true) {
      // deno-lint-ignore no-await-in-loop -- one life after the other
      const life = await this.#live();
      if (this.#isStopping) return life.status.code;
      const next = this.#supervision.next(life);
      if (next.line !== null) say(next.line);
      if (next.kind === "end") return next.exitCode;
      // deno-lint-ignore no-await-in-loop -- the pause before the next life
      if (next.delayMs > 0) await this.#pause(next.delayMs);
      // A signal during the pause: there is no host to drain.
      if (this.#isStopping) return EXIT_CODES.ok;
    }
  }

  /** Drains the host and ends; the second call kills it. */
  stop(): void {
    if (this.#isStopping) {
      this.#host?.signal("SIGKILL");
      return;
    }
    this.#isStopping = true;
    this.#wake?.();
    this.#endHost(STOP_KILL_MS);
  }

  async #live() {
    const { clock, probe, say } = this.#options;
    const startedAtMs = clock.monotonicMs();
    const host = this.#options.launch();
    this.#host = host;
    say(`Host process ${host.pid} started`);
    let readyAtMs: number | null = null;
    let endedBecause: string | null = null;
    const watch = probe === null ? null : new LivenessWatch({
      clock,
      probe,
      onReady: () => readyAtMs = clock.monotonicMs(),
      onHang: () => {
        endedBecause = `it gave no sign of life for ${
          PROBE_MISSES_MAX * PROBE_EVERY_MS / 1_000
        } s`;
        this.#endHost(HANG_KILL_MS);
      },
    });
    const status = await host.ended;
    watch?.close();
    this.#host = null;
    this.#killTimer?.cancel();
    const endedAtMs = clock.monotonicMs();
    // Without a probe, nobody knows since when it was ready; its age is the best guess.
    const readySince = probe === null ? startedAtMs : readyAtMs;
    const readyMs = readySince === null ? null : endedAtMs - readySince;
    return { status, endedAtMs, readyMs, endedBecause };
  }

  #endHost(killAfterMs: number): void {
    const host = this.#host;
    if (host === null) return;
    host.signal("SIGTERM");
    this.#killTimer?.cancel();
    this.#killTimer = this.#options.clock.after(killAfterMs, () => {
      this.#options.say(
        `Host process ${host.pid} has not ended ${
          killAfterMs / 1_000
        } s after it was asked to; killing it`,
      );
      host.signal("SIGKILL");
    });
  }

  async #pause(delayMs: number): Promise<void> {
    const ended = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(delayMs, ended.resolve);
    this.#wake = ended.resolve;
    await ended.promise;
    timer.cancel();
    this.#wake = null;
  }
}
