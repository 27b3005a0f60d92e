/**
 * One-for-one supervision: each child fails, backs off and restarts by itself,
 * and the links between children are wired anew under the new epochs. Those
 * that depend on it wait meanwhile.
 *
 * @module
 */
import type { Clock } from "./clock.ts";
import { actorError } from "./errors.ts";
import { ASK_MS, ASK_MS_MAX } from "./limits.ts";
import type { ConfigureEffect, StopReason } from "./program.ts";
import { Child } from "./supervision/child.ts";
import type {
  ChildContext,
  ChildSpec,
  ChildStatus,
  SupervisorEvent,
} from "./supervision/child_spec.ts";
import { Dependencies, groupForDrain } from "./supervision/dependencies.ts";
import { EventQueue } from "./supervision/event_queue.ts";
import { type LinkSpec, Wiring } from "./supervision/wiring.ts";
import { ZombieWatch } from "./supervision/zombie_watch.ts";

/** What a supervisor is made of. */
export interface SupervisorOptions {
  clock: Clock;
  /** Numbers in [0, 1) for the jitter of restarts; seeded in tests. */
  random: () => number;
  /** Told of everything, one event after the other, in order. It may call the supervisor. */
  onEvent(event: SupervisorEvent): void;
  /**
   * CPU time of the whole process in milliseconds, all threads together. With
   * it, threads that burn on after their termination are found and told
   * (`zombie_threads`).
   */
  processCpuMs?: () => number;
  /** The part of it that the thread of the main isolate used. Without it that counts as nobody's. */
  mainCpuMs?: () => number;
  /** Tells whether the machine has more to do than processors; then a terminated thread stays suspected. */
  isOverloaded?: () => boolean;
}

/** How a child is to be stopped. */
export interface StopOptions {
  /** Why, in one sentence; becomes the cause in the lifecycle. */
  reason: string;
  /** Handed to the program, so that it can tell a shutdown of the host from its own end. */
  mode: StopReason;
}

/**
 * Runs actors. All methods that take an id reject with `ACTOR_UNKNOWN` for an
 * id that was never started, and with `ACTOR_STATE_REFUSED` in a state in which
 * they make no sense.
 */
export interface Supervisor {
  /**
   * Starts a child and resolves when it is up (running or paused). Failed
   * attempts are repeated within the budget meanwhile. A child that is stopped
   * or quarantined may be started anew, with another spec; its epochs go on.
   *
   * @throws {AppError} `ACTOR_EXISTS`; `DEPENDENCY_CYCLE` when it would depend
   * on itself; `ACTOR_START_FAILED` when it is quarantined; `ACTOR_STATE_REFUSED` when it was stopped or killed meanwhile.
   */
  start(spec: ChildSpec): Promise<void>;
  /**
   * Pauses a child; resolves when its program has been told. While it starts,
   * it comes up paused. Restarts keep it paused until it is resumed.
   */
  pause(id: string, reason: string): Promise<void>;
  /** Undoes a pause. */
  resume(id: string, reason: string): Promise<void>;
  /** Stops a child gracefully, and by force after its deadline. Resolves when it is down. */
  stop(id: string, options: StopOptions): Promise<void>;
  /** Terminates a child at once and latches it: only `remove` and `start` lead back. */
  kill(id: string, reason: string): Promise<void>;
  /**
   * Ends the incarnation gracefully if there is one, and starts the next under a
   * full budget: from `stopping` straight to `starting`, so that nobody takes a
   * recycle for an end. A stop or kill that comes in between wins.
   */
  restart(id: string, reason: string): Promise<void>;
  /** Hands over a configuration and resolves with when it holds. */
  configure(id: string, config: unknown): Promise<ConfigureEffect>;
  /**
   * Asks the program a question. `deadlineMs`: default 5 s, at most 30 s. With a
   * `commandId` the question is a command that is carried out once: the same id
   * again, also after a restart of the actor, is answered as the first time.
   *
   * @throws {AppError} `ACTOR_TIMEOUT` or `ACTOR_ENDED` if the outcome is
   * unknown, `MAILBOX_FULL` if nothing was sent, or the program's own error.
   */
  ask(
    id: string,
    query: unknown,
    options?: { deadlineMs?: number; commandId?: string },
  ): Promise<unknown>;
  /** Takes a snapshot between two messages; it is told as an event as well. With `ifChanged` null where the last one still holds. */
  requestSnapshot(
    id: string,
    options?: { ifChanged?: boolean },
  ): Promise<unknown>;
  status(id: string): ChildStatus | null;
  /** All children in the order of their start. */
  list(): ChildStatus[];
  /**
   * Joins two children, known yet or not, whenever both are up.
   *
   * @throws {AppError} `LINK_CONFLICT` if a name is already in use at either end.
   */
  connect(link: LinkSpec): void;
  /** Removes a link, named by its `from` end. */
  disconnect(fromId: string, fromLink: string): void;
  /** Forgets a child that is down, and its links. */
  remove(id: string): Promise<void>;
  /**
   * Stops everything in reverse order of start, but nothing before what depends
   * on it, neighbours of one kind together, and terminates what is left at the
   * deadline. No start is taken
   * from now on.
   */
  drain(options: { deadlineMs: number }): Promise<void>;
}

/** Creates a supervisor without children. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  return new OneForOneSupervisor(options);
}

class OneForOneSupervisor implements Supervisor {
  readonly #clock: Clock;
  readonly #wiring = new Wiring();
  readonly #children = new Map<string, Child>();
  readonly #context: ChildContext;
  readonly #zombies: ZombieWatch | null;
  #isDraining = false;

  constructor(options: SupervisorOptions) {
    const { clock, random, onEvent, processCpuMs } = options;
    this.#clock = clock;
    const events = new EventQueue((event) => {
      try {
        onEvent(event);
      } catch (error) {
        // A defect of the listener must not leave a child half changed.
        reportError(error);
      }
    });
    const emit = (event: SupervisorEvent) => events.emit(event);
    this.#zombies = processCpuMs === undefined ? null : new ZombieWatch({
      clock,
      processCpuMs,
      mainCpuMs: options.mainCpuMs ?? (() => 0),
      isOverloaded: options.isOverloaded,
      emit,
    });
    this.#context = {
      clock,
      random,
      wiring: this.#wiring,
      dependencies: new Dependencies(this.#children, events),
      emit,
      onCpu: (id, used) => this.#zombies?.report(id, used),
      onEnded: (id, how) => this.#zombies?.ended(id, how),
    };
  }

  async start(spec: ChildSpec): Promise<void> {
    if (this.#isDraining) {
      throw actorError(
        "SUPERVISOR_DRAINING",
        `Cannot start actor "${spec.id}" during a shutdown`,
      );
    }
    const known = this.#children.get(spec.id);
    if (known !== undefined && (!known.isDown || known.state === "killed")) {
      throw actorError(
        "ACTOR_EXISTS",
        `Cannot start actor "${spec.id}", it is ${known.state}`,
      );
    }
    this.#context.dependencies.assertNoCycle(spec);
    const child = new Child(spec, this.#context, known);
    // Started last, so it is stopped first.
    this.#children.delete(spec.id);
    this.#children.set(spec.id, child);
    await child.start("Start requested");
  }

  async pause(id: string, reason: string): Promise<void> {
    await this.#child(id).steering.pause(reason);
  }

  async resume(id: string, reason: string): Promise<void> {
    await this.#child(id).steering.resume(reason);
  }

  async stop(id: string, { reason, mode }: StopOptions): Promise<void> {
    await this.#child(id).stop(reason, mode);
  }

  // deno-lint-ignore require-await -- so that an unknown id rejects like everywhere else
  async kill(id: string, reason: string): Promise<void> {
    this.#child(id).kill(reason);
  }

  async restart(id: string, reason: string): Promise<void> {
    if (this.#isDraining) {
      throw actorError(
        "SUPERVISOR_DRAINING",
        `Cannot restart actor "${id}" during a shutdown`,
      );
    }
    await this.#child(id).restart(reason);
  }

  async configure(id: string, config: unknown): Promise<ConfigureEffect> {
    const { steering } = this.#child(id);
    const effect = await steering.command({ type: "configure", config });
    return effect as ConfigureEffect;
  }

  async ask(
    id: string,
    query: unknown,
    options: { deadlineMs?: number; commandId?: string } = {},
  ): Promise<unknown> {
    const { deadlineMs = ASK_MS, commandId } = options;
    return await this.#child(id).steering.command(
      { type: "ask", query, ...(commandId === undefined ? {} : { commandId }) },
      Math.min(deadlineMs, ASK_MS_MAX),
    );
  }

  async requestSnapshot(
    id: string,
    { ifChanged = false }: { ifChanged?: boolean } = {},
  ): Promise<unknown> {
    return await this.#child(id).steering.snapshot({ ifChanged });
  }

  status(id: string): ChildStatus | null {
    return this.#children.get(id)?.status ?? null;
  }

  list(): ChildStatus[] {
    return [...this.#children.values()].map((child) => child.status);
  }

  connect(link: LinkSpec): void {
    this.#wiring.connect(link);
  }

  disconnect(fromId: string, fromLink: string): void {
    this.#wiring.disconnect(fromId, fromLink);
  }

  // deno-lint-ignore require-await -- so that a refusal rejects like everywhere else
  async remove(id: string): Promise<void> {
    const child = this.#child(id);
    if (!child.isDown) {
      throw actorError(
        "ACTOR_STATE_REFUSED",
        `Cannot remove actor "${id}" in state "${child.state}"`,
      );
    }
    this.#children.delete(id);
    this.#wiring.forget(id);
    this.#zombies?.forget(id);
  }

  async drain({ deadlineMs }: { deadlineMs: number }): Promise<void> {
    this.#isDraining = true;
    const children = [...this.#children.values()];
    const deadline = this.#clock.after(deadlineMs, () => {
      const cause =
        `Terminated, as the shutdown took longer than ${deadlineMs} ms`;
      for (const child of children) {
        void child.stop(cause, "drain");
        child.cutShort(cause);
      }
    });
    for (const group of groupForDrain(children)) {
      // deno-lint-ignore no-await-in-loop -- the order is the point
      await Promise.all(group.map((child) => child.stop("Shutdown", "drain")));
    }
    deadline.cancel();
    this.#zombies?.stop();
  }

  #child(id: string): Child {
    const child = this.#children.get(id);
    if (child === undefined) {
      throw actorError("ACTOR_UNKNOWN", `Cannot find actor "${id}"`);
    }
    return child;
  }
}
