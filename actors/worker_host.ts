import type { ActorHost, HostListener } from "./host.ts";
import type { OwnerMessage } from "./protocol.ts";

/** Permissions of a worker, each named, so that a new kind of permission cannot slip in by default. */
export type WorkerPermissions = Required<
  Pick<
    Deno.PermissionOptionsObject,
    "env" | "ffi" | "import" | "net" | "read" | "run" | "sys" | "write"
  >
>;

/** What an agent gets: nothing. Static imports of the entry file still load. */
export const NO_PERMISSIONS: WorkerPermissions = {
  env: false,
  ffi: false,
  import: false,
  net: false,
  read: false,
  run: false,
  sys: false,
  write: false,
};

/** How a worker is made. */
export interface WorkerHostOptions {
  /** Entry file; it must call `runWorkerProgram`. */
  entry: string | URL;
  /** Shown in stack traces and by the inspector; usually the actor's id. */
  name: string;
  permissions: WorkerPermissions;
}

/** Creates a host that runs one incarnation in a Deno Worker of its own. */
export function createWorkerHost(options: WorkerHostOptions): ActorHost {
  return new WorkerHost(() => createWorker(options));
}

/** Makes the isolate and lets it load its entry file; it then waits for `init`. */
export function createWorker(
  { entry, name, permissions }: WorkerHostOptions,
): Worker {
  return new Worker(entry, { type: "module", name, deno: { permissions } });
}

/** Runs one incarnation in the worker that it is given at its start. */
export class WorkerHost implements ActorHost {
  readonly ports = "message";
  readonly #takeWorker: () => Worker;
  #worker: Worker | null = null;
  #listener: HostListener | null = null;

  constructor(takeWorker: () => Worker) {
    this.#takeWorker = takeWorker;
  }

  start(listener: HostListener): void {
    this.#listener = listener;
    const worker = this.#takeWorker();
    // First of all, because an error event that nobody prevents kills the process.
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#listener?.onFailure({ message: event.message, stack: null });
    });
    worker.addEventListener("messageerror", () => {
      this.#listener?.onFailure({
        message: "Cannot read a message of the worker",
        stack: null,
      });
    });
    worker.addEventListener("message", (event) => {
      this.#listener?.onMessage(event.data);
    });
    this.#worker = worker;
  }

  post(message: OwnerMessage, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  terminate(): void {
    this.#listener = null;
    this.#worker?.terminate();
    this.#worker = null;
  }
}
