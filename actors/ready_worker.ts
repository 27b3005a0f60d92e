import type { Clock, Timer } from "./clock.ts";
import type { ActorHost } from "./host.ts";
import { SPARE_AFTER_MS } from "./limits.ts";
import { isActorMessage } from "./protocol.ts";
import {
  createWorker,
  WorkerHost,
  type WorkerHostOptions,
} from "./worker_host.ts";

/** How spare workers are made, and by which clock. */
export interface ReadyWorkersOptions extends WorkerHostOptions {
  clock: Clock;
}

/** Hosts of one kind, of which the next one has loaded its code already. */
export interface ReadyWorkers {
  createHost(): ActorHost;
  /** Ends the worker that waits. */
  close(): void;
}

/**
 * Keeps one worker loaded in advance. Making an isolate and loading its code
 * takes longer than everything else of a start together, and nothing of it
 * depends on which actor it will be. The spare is made when nobody is starting,
 * so that it never competes with a start, and a moment later: making an isolate
 * blocks the owner for 20 ms, in which nobody would hear that the actor runs.
 */
export function createReadyWorkers(options: ReadyWorkersOptions): ReadyWorkers {
  let spare: Worker | null = null;
  let starting = 0;
  let isClosed = false;
  let timer: Timer | null = null;
  const prepareSoon = () => {
    timer?.cancel();
    timer = isClosed ? null : options.clock.after(SPARE_AFTER_MS, prepare);
  };
  const prepare = () => {
    timer = null;
    if (starting > 0 || spare !== null) return;
    const worker = createWorker(options);
    // First of all, because an error event that nobody prevents kills the process.
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      // One that fails before it is used is forgotten; the next start makes its own.
      if (spare === worker) spare = null;
    });
    spare = worker;
  };
  const take = () => {
    const worker = spare ?? createWorker(options);
    spare = null;
    starting++;
    return worker;
  };
  return {
    createHost: () =>
      new StartingHost(take, () => {
        starting--;
        prepareSoon();
      }),
    close() {
      isClosed = true;
      timer?.cancel();
      spare?.terminate();
      spare = null;
    },
  };
}

/** A worker host that says once when its start is over, well or not. */
class StartingHost extends WorkerHost {
  readonly #onStarted: () => void;
  #isStarting = false;

  constructor(takeWorker: () => Worker, onStarted: () => void) {
    super(takeWorker);
    this.#onStarted = onStarted;
  }

  override start(listener: Parameters<ActorHost["start"]>[0]): void {
    this.#isStarting = true;
    super.start({
      onMessage: (message) => {
        listener.onMessage(message);
        if (isActorMessage(message) && message.type === "ready") this.#end();
      },
      onFailure: (failure) => listener.onFailure(failure),
    });
  }

  override terminate(): void {
    super.terminate();
    this.#end();
  }

  #end(): void {
    if (!this.#isStarting) return;
    this.#isStarting = false;
    this.#onStarted();
  }
}
