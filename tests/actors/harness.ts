import type { LifecycleChanged } from "../../lib/contracts/lifecycle.ts";
import { createRng } from "../../lib/core/rng.ts";
import {
  type ActorHost,
  type ActorProgram,
  type ChildSpec,
  createInlineHost,
  createSimulatedClock,
  createSupervisor,
  type HostListener,
  type SimulatedClock,
  type Supervisor,
  type SupervisorEvent,
} from "../../actors/mod.ts";

type EventOf<Type extends SupervisorEvent["type"]> = Extract<
  SupervisorEvent,
  { type: Type }
>;

/** Keeps every event of a supervisor, and lets a test wait for the one it is about. */
export class EventLog {
  readonly events: SupervisorEvent[] = [];
  /** Called from within each event, as an owner's listener is. */
  react: (event: SupervisorEvent) => void = () => {};
  #waiters: { matches(event: SupervisorEvent): boolean; resolve(): void }[] =
    [];

  /** Handed to the supervisor. */
  readonly onEvent = (event: SupervisorEvent): void => {
    this.events.push(event);
    this.react(event);
    this.#waiters = this.#waiters.filter((waiter) => {
      if (!waiter.matches(event)) return true;
      waiter.resolve();
      return false;
    });
  };

  of<Type extends SupervisorEvent["type"]>(type: Type): EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> =>
      event.type === type
    );
  }

  changes(id: string): LifecycleChanged[] {
    return this.of("lifecycle").map((event) => event.change)
      .filter((change) => change.id === id);
  }

  /** The states that a child went through, in order. */
  states(id: string): string[] {
    return this.changes(id).map((change) => change.to);
  }

  reports(id: string): unknown[] {
    return this.of("report").filter((event) => event.id === id)
      .map((event) => event.report);
  }

  /** Resolves with the next event that matches; what came before does not count. */
  next(matches: (event: SupervisorEvent) => boolean): Promise<SupervisorEvent> {
    return new Promise((resolve) => {
      const waiter = {
        matches,
        resolve: () => resolve(this.events.at(-1)!),
      };
      this.#waiters.push(waiter);
    });
  }

  /** Resolves when a child next comes into a state. */
  nextState(id: string, state: string): Promise<SupervisorEvent> {
    return this.next((event) =>
      event.type === "lifecycle" && event.change.id === id &&
      event.change.to === state
    );
  }
}

/** A host that a test can disturb from outside, as only the real world can disturb a worker. */
export class DisturbedHost implements ActorHost {
  readonly #host: ActorHost;
  #listener: HostListener | null = null;
  #isSilent = false;
  isTerminated = false;

  constructor(host: ActorHost) {
    this.#host = host;
  }

  get ports(): ActorHost["ports"] {
    return this.#host.ports;
  }

  start(listener: HostListener): void {
    this.#listener = listener;
    this.#host.start({
      onMessage: (message) => {
        if (!this.#isSilent) listener.onMessage(message);
      },
      onFailure: (failure) => listener.onFailure(failure),
    });
  }

  post: ActorHost["post"] = (message, transfer) => {
    if (!this.#isSilent) this.#host.post(message, transfer);
  };

  terminate(): void {
    this.isTerminated = true;
    this.#host.terminate();
  }

  /** Nothing passes any more in either direction, as after `self.close()` or in a busy loop. */
  goSilent(): void {
    this.#isSilent = true;
  }

  /** What was held up passes again. */
  goOn(): void {
    this.#isSilent = false;
  }

  /** The runtime reports an error that the actor could not. */
  fail(message: string): void {
    this.#listener?.onFailure({ message, stack: null });
  }

  /** A message arrives as if the actor had sent it, even after its end. */
  inject(message: unknown): void {
    this.#listener?.onMessage(message);
  }
}

/** A supervisor on a simulated clock whose children run inline in disturbed hosts. */
export interface Harness {
  clock: SimulatedClock;
  log: EventLog;
  supervisor: Supervisor;
  /** All hosts of a child, oldest first. */
  hosts(id: string): DisturbedHost[];
  /** A spec with defaults for a program. */
  spec(
    options: Partial<ChildSpec> & { id: string; program: ActorProgram },
  ): ChildSpec;
  /** Starts a child and lets the clock settle until it is up. */
  start(
    options: Partial<ChildSpec> & { id: string; program: ActorProgram },
  ): Promise<void>;
}

/** Creates a harness; `seed` is that of the jitter. */
export function createHarness(seed = 1): Harness {
  const clock = createSimulatedClock();
  const log = new EventLog();
  const hosts = new Map<string, DisturbedHost[]>();
  const supervisor = createSupervisor({
    clock,
    random: createRng(seed).next,
    onEvent: log.onEvent,
  });
  const spec: Harness["spec"] = ({ program, ...options }) => ({
    kind: "agent",
    restart: "transient",
    loadInit: () => Promise.resolve({ config: {}, snapshot: null }),
    createHost: () => {
      const host = new DisturbedHost(createInlineHost({ program, clock }));
      hosts.set(options.id, [...hosts.get(options.id) ?? [], host]);
      return host;
    },
    ...options,
  });
  return {
    clock,
    log,
    supervisor,
    hosts: (id) => hosts.get(id) ?? [],
    spec,
    start: (options) => supervisor.start(spec(options)),
  };
}

/** Resolves with what a promise is rejected with, so that it can be looked at later. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`Expected a rejection, was ${JSON.stringify(value)}`);
    },
    (error) => error,
  );
}
