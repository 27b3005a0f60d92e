import {
  AUDIT_STREAMS,
  type AuditFault,
  type AuditStream,
  type StreamCheck,
} from "../../contracts/audit_trail.ts";
import type { TimeSource, TimeSourceTimer } from "../../core/time.ts";
import { isSigned } from "./checkpoint.ts";
import { CHECK_AGAIN_MS, CHECK_BATCH, CHECK_STEP_MS } from "./limits.ts";
import type { AuditReader } from "./reader.ts";
import { StreamWalk } from "./stream_walk.ts";

/** What the check works with. */
export interface BackgroundCheckOptions {
  reader: AuditReader;
  time: TimeSource;
  /** Public key that must have signed every checkpoint. */
  key: string;
  /** Told once of each stream that is found broken. */
  onFault(fault: AuditFault): void;
}

/** A walk over a stream and its checkpoints, and how far it came. */
interface Walk {
  walk: StreamWalk;
  serial: number;
  /** Last entry whose checkpoints were handed in. */
  signedTo: number;
}

interface StreamState {
  /** Follows new entries once it has reached the end. */
  current: Walk;
  /** Looks at all of them once more; takes the other's place at the end. */
  again: Walk | null;
  head: number;
  checkedAt: number | null;
  /** When a walk from the first entry came to its end. */
  wholeAt: number | null;
  fault: AuditFault | null;
}

/**
 * Verifies the chain while the server runs, a bounded number of entries at a
 * time: from the first entry to the last, then what is new, and from time to time
 * everything again. A broken chain is told and stops nothing: trading does not
 * depend on it.
 */
export class BackgroundCheck {
  readonly #options: BackgroundCheckOptions;
  readonly #states = new Map<AuditStream, StreamState>();
  #timer: TimeSourceTimer | null = null;
  #running: Promise<void> | null = null;

  constructor(options: BackgroundCheckOptions) {
    this.#options = options;
    for (const stream of AUDIT_STREAMS) {
      this.#states.set(stream, {
        current: newWalk(stream),
        again: null,
        head: 0,
        checkedAt: null,
        wholeAt: null,
        fault: null,
      });
    }
  }

  start(): void {
    void this.step();
    this.#timer = this.#options.time.every(
      CHECK_STEP_MS,
      () => void this.step(),
    );
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.#running;
  }

  /** What is known of each stream, without its checkpoint. */
  streams(): Omit<StreamCheck, "checkpoint">[] {
    return [...this.#states].map(([stream, state]) => ({
      stream,
      head: state.head,
      wholeTo: state.current.walk.place.n,
      checkedAt: state.checkedAt,
      fault: state.fault,
    }));
  }

  /** Does one bounded piece of work; a store that fails is asked again at the next step. */
  step(): Promise<void> {
    this.#running ??= this.#stepAll().catch(() => {})
      .finally(() => this.#running = null);
    return this.#running;
  }

  async #stepAll(): Promise<void> {
    for (const [stream, state] of this.#states) {
      const now = this.#options.time.nowMs();
      const isDue = state.wholeAt !== null &&
        now - state.wholeAt >= CHECK_AGAIN_MS;
      if (isDue) state.again ??= newWalk(stream);
      // deno-lint-ignore no-await-in-loop -- one after another, to go easy on the disk
      const isAtEnd = await this.#walkOn(state, state.current);
      if (isAtEnd) state.wholeAt ??= this.#options.time.nowMs();
      if (state.again === null) continue;
      // deno-lint-ignore no-await-in-loop -- as above
      if (await this.#walkOn(state, state.again)) {
        state.current = state.again;
        state.again = null;
        state.wholeAt = this.#options.time.nowMs();
        state.fault = state.current.walk.fault;
      }
    }
  }

  /** @returns whether the walk is at the end of the stream. */
  async #walkOn(state: StreamState, step: Walk): Promise<boolean> {
    const { reader, time } = this.#options;
    const { walk } = step;
    const { stream } = walk;
    if (walk.fault !== null) return true;
    await this.#handInCheckpoints(step);
    const head = await reader.head(stream) ?? { n: 0, hash: null };
    const from = walk.place.n + 1;
    const page = await reader.after(stream, { from, limit: CHECK_BATCH });
    for (const record of page) walk.accept(record);
    const isAtEnd = page.length < CHECK_BATCH;
    // What was appended since the look at the head comes with the next step.
    if (isAtEnd && walk.place.n <= head.n) walk.finish(head);
    state.head = Math.max(head.n, walk.place.n);
    state.checkedAt = time.nowMs();
    this.#tell(state, walk.fault);
    return isAtEnd;
  }

  async #handInCheckpoints(step: Walk): Promise<void> {
    const { walk } = step;
    const { stream } = walk;
    const upTo = walk.place.n + CHECK_BATCH;
    while (step.signedTo < upTo) {
      const options = { from: step.serial + 1, limit: CHECK_BATCH };
      // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
      const page = await this.#options.reader.checkpoints(stream, options);
      for (const checkpoint of page) {
        const { serial, n, key } = checkpoint;
        if (key !== this.#options.key || !isSigned(checkpoint)) {
          const why = `Checkpoint ${serial} is not signed by this server's key`;
          walk.note("signature wrong", { n, why });
        } else if (serial !== step.serial + 1) {
          const why = `Checkpoint ${step.serial + 1} is not there`;
          walk.note("checkpoint missing", { n, why });
        } else walk.expect(checkpoint);
        step.serial = serial;
        step.signedTo = n;
      }
      if (page.length < CHECK_BATCH) return;
    }
  }

  #tell(state: StreamState, fault: AuditFault | null): void {
    if (fault === null || state.fault !== null) return;
    state.fault = fault;
    this.#options.onFault(fault);
  }
}

function newWalk(stream: AuditStream): Walk {
  return { walk: new StreamWalk(stream), serial: 0, signedTo: 0 };
}
