import type { Clock, Timer } from "../../../actors/clock.ts";
import type { InferenceToEngine } from "../../contracts/inference.ts";
import { LOOK_EVERY_MS, NEWS_EVERY_MS } from "../install/limits.ts";
import type { RuntimeOutlook } from "../install/runtime_wait.ts";

/** What a gate works with. */
export interface RuntimeGateOptions {
  /** How the runtime stands for who has waited so long. */
  look(waitedMs: number): Promise<RuntimeOutlook>;
  clock: Clock;
  /** Sends an answer on the link of an engine. */
  send(link: string, message: InferenceToEngine): void;
}

/** An engine that waits. */
interface Waiting {
  models: readonly string[];
  sinceMs: number;
  toldMs: number;
}

/**
 * Holds the engines back that ask for models while the ONNX runtime is being
 * fetched: it tells them how that goes and then has them ask once more, or says
 * of every model why it cannot be used. Whoever asks after it is there passes.
 */
export class RuntimeGate {
  readonly #options: RuntimeGateOptions;
  readonly #waiting = new Map<string, Waiting>();
  #isOpen = false;
  #timer: Timer | null = null;

  constructor(options: RuntimeGateOptions) {
    this.#options = options;
  }

  /** Whether an engine may load these models now; where not, it hears of it later. */
  async admits(link: string, models: readonly string[]): Promise<boolean> {
    if (this.#isOpen) return true;
    const waiting = {
      models,
      sinceMs: this.#options.clock.monotonicMs(),
      toldMs: -Infinity,
    };
    this.#waiting.set(link, waiting);
    const outlook = await this.#outlook(0);
    // It may have gone meanwhile, or the timer may have answered it.
    if (this.#waiting.get(link) !== waiting) return false;
    if (outlook.kind === "installed") {
      this.#isOpen = true;
      this.#waiting.delete(link);
      return true;
    }
    this.#tell(link, outlook);
    if (this.#waiting.size > 0) this.#lookLater();
    return false;
  }

  /** The engine of a link is gone. */
  forget(link: string): void {
    this.#waiting.delete(link);
  }

  /** Looks no more. */
  close(): void {
    this.#waiting.clear();
    this.#timer?.cancel();
  }

  #lookLater(): void {
    this.#timer ??= this.#options.clock.after(LOOK_EVERY_MS, () => {
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    const { clock } = this.#options;
    for (const [link, waiting] of this.#waiting) {
      const waitedMs = clock.monotonicMs() - waiting.sinceMs;
      // deno-lint-ignore no-await-in-loop -- a small file, for a handful of engines
      const outlook = await this.#outlook(waitedMs);
      if (this.#waiting.get(link) === waiting) this.#tell(link, outlook);
    }
    this.#timer = null;
    if (this.#waiting.size > 0) this.#lookLater();
  }

  /** Nobody catches what a timer throws, and one unreadable file must not end the worker that others use. */
  async #outlook(waitedMs: number): Promise<RuntimeOutlook> {
    try {
      return await this.#options.look(waitedMs);
    } catch (error) {
      return {
        kind: "failed",
        reason: `The ONNX runtime cannot be looked for: ${
          (error as Error).message
        }`,
      };
    }
  }

  #tell(link: string, outlook: RuntimeOutlook): void {
    const { clock, send } = this.#options;
    const waiting = this.#waiting.get(link)!;
    switch (outlook.kind) {
      case "installed":
        this.#isOpen = true;
        this.#waiting.delete(link);
        return send(link, { type: "load_again" });
      case "failed":
        this.#waiting.delete(link);
        for (const model of waiting.models) {
          send(link, { type: "failed", model, reason: outlook.reason });
        }
        return;
      case "waits": {
        const nowMs = clock.monotonicMs();
        if (nowMs - waiting.toldMs < NEWS_EVERY_MS) return;
        waiting.toldMs = nowMs;
        for (const model of waiting.models) {
          send(link, {
            type: "loading",
            model,
            part: 0,
            waitsFor: outlook.text,
          });
        }
      }
    }
  }
}
