import type { TimeSource, TimeSourceTimer } from "../core/time.ts";
import { failedFor, type SendOutcome } from "./delivery/outcome.ts";
import type { Parcel, SendAnswer, SendRequest } from "./delivery/protocol.ts";
import { WORKER_DEADLINE_MS, WORKER_IDLE_MS } from "./limits.ts";

/** Carries parcels out. */
export interface Postman {
  /** Resolves with what became of it; never rejects. */
  send(parcel: Parcel): Promise<SendOutcome>;
  close(): void;
}

/** How to start the worker. */
export interface PostmanOptions {
  time: TimeSource;
  /** Its module: a TypeScript file, or a bundle of it. */
  workerUrl: URL;
  /** `host:port` of everything that it may reach. */
  net: readonly string[];
}

interface UnderWay {
  resolve: (outcome: SendOutcome) => void;
  deadline: TimeSourceTimer;
}

/** Sends in a worker of its own, which starts with the first parcel and ends when there is nothing to do. */
export function createPostman(options: PostmanOptions): Postman {
  return new WorkerPostman(options);
}

class WorkerPostman implements Postman {
  readonly #options: PostmanOptions;
  readonly #underWay = new Map<number, UnderWay>();
  #worker: Worker | null = null;
  #idle: TimeSourceTimer | null = null;
  #next = 0;
  #isClosed = false;

  constructor(options: PostmanOptions) {
    this.#options = options;
  }

  send(parcel: Parcel): Promise<SendOutcome> {
    if (this.#isClosed) {
      return Promise.resolve(failedFor("The server is shutting down"));
    }
    this.#idle?.cancel();
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const n = this.#next++;
    return new Promise((resolve) => {
      const deadline = this.#options.time.after(
        WORKER_DEADLINE_MS,
        () => this.#end("The worker that sends alerts did not answer"),
      );
      this.#underWay.set(n, { resolve, deadline });
      const request: SendRequest = { n, parcel };
      worker.postMessage(request);
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#end("The server is shutting down");
  }

  #start(): Worker {
    // Every permission is named, because a worker inherits what is not.
    const permissions: Deno.PermissionOptionsObject = {
      env: false,
      ffi: false,
      import: false,
      net: [...this.#options.net],
      read: false,
      run: false,
      sys: false,
      write: false,
    };
    const worker = new Worker(this.#options.workerUrl, {
      type: "module",
      name: "alerts",
      deno: { permissions },
    } as WorkerOptions);
    worker.addEventListener("message", ({ data }) => this.#onAnswer(data));
    worker.addEventListener("error", (event) => {
      // Without this an error in the worker ends the whole process.
      event.preventDefault();
      if (worker !== this.#worker) return;
      this.#end(`The worker that sends alerts failed: ${event.message}`);
    });
    return worker;
  }

  #onAnswer({ n, outcome }: SendAnswer): void {
    const waiting = this.#underWay.get(n);
    if (waiting === undefined) return;
    this.#underWay.delete(n);
    waiting.deadline.cancel();
    waiting.resolve(outcome);
    if (this.#underWay.size > 0 || this.#isClosed) return;
    this.#idle = this.#options.time.after(WORKER_IDLE_MS, () => this.#end(""));
  }

  #end(why: string): void {
    this.#idle?.cancel();
    this.#idle = null;
    this.#worker?.terminate();
    this.#worker = null;
    const lost = [...this.#underWay.values()];
    this.#underWay.clear();
    for (const { resolve, deadline } of lost) {
      deadline.cancel();
      resolve(failedFor(why));
    }
  }
}
