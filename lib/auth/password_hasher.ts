import { AppError } from "../core/errors.ts";
import { answerPassword, type PasswordQuestion } from "./argon.ts";
import type { TimeSource, TimeSourceTimer } from "../core/time.ts";
import {
  ARGON_LANES,
  ARGON_MEMORY_KIB,
  ARGON_PASSES,
  HASH_DEADLINE_MS,
  HASHES_IN_FLIGHT,
  HASHES_PER_WORKER,
  MAX_HASHES_QUEUED,
  WORKER_IDLE_MS,
} from "./limits.ts";
import type { HashAnswer, HashRequest } from "./password_worker.ts";

/**
 * A hash of nobody's password with our parameters. An unknown account is
 * checked against it, so that it takes the same time as a known one.
 */
export const NOBODYS_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$zj1vN/78mdRD5jJWDD5ScA$EaykwSQSm2Luh8jD9EARKOz2jJ2SsPU4aMri/3dE/+A";

const PRESENT = `m=${ARGON_MEMORY_KIB},t=${ARGON_PASSES},p=${ARGON_LANES}`;

/** Whether a hash was made with other parameters than ours are now. */
export function isOutdated(hash: string): boolean {
  return !hash.startsWith(`$argon2id$v=19$${PRESENT}$`);
}

/** Hashes passwords and checks them. */
export interface PasswordHasher {
  /** Hashes a password with a new salt; answers in PHC format. */
  hash(password: string): Promise<string>;
  verify(password: string, hash: string): Promise<boolean>;
  /** Ends the worker; what waits fails. */
  close(): void;
}

/** How to start the worker. */
export interface PasswordHasherOptions {
  time: TimeSource;
  /** Its module: a TypeScript file, or a bundle of it. */
  workerUrl: URL;
}

interface Job {
  question: PasswordQuestion;
  resolve: (value: string | boolean) => void;
  reject: (error: AppError) => void;
}

/** Every permission is named, because a worker inherits what is not. */
const NO_PERMISSIONS: Deno.PermissionOptionsObject = {
  env: false,
  ffi: false,
  import: false,
  net: false,
  read: false,
  run: false,
  sys: false,
  write: false,
};

/** Creates a hasher; its worker starts with the first password. */
export function createPasswordHasher(
  options: PasswordHasherOptions,
): PasswordHasher {
  const pool = new HasherWorker(options);
  return {
    hash: async (password) =>
      await pool.ask({ type: "hash", password }) as string,
    verify: async (password, hash) =>
      await pool.ask({ type: "verify", password, hash }) as boolean,
    close: () => pool.close(),
  };
}

/** A hasher for where there are no workers: each password holds everything else up for 60 ms. */
export function createInlineHasher(): PasswordHasher {
  return {
    hash: async (password) =>
      await answerPassword({ type: "hash", password }) as string,
    verify: async (password, hash) =>
      await answerPassword({ type: "verify", password, hash }) as boolean,
    close: () => {},
  };
}

class HasherWorker {
  readonly #time: TimeSource;
  readonly #workerUrl: URL;
  readonly #waiting: Job[] = [];
  readonly #inFlight = new Map<number, Job & { deadline: TimeSourceTimer }>();
  #worker: Worker | null = null;
  #idle: TimeSourceTimer | null = null;
  #nextId = 0;
  #asked = 0;
  #closed = false;

  constructor(options: PasswordHasherOptions) {
    this.#time = options.time;
    this.#workerUrl = options.workerUrl;
  }

  ask(question: PasswordQuestion): Promise<string | boolean> {
    if (this.#closed) {
      return Promise.reject(unavailable("the server is shutting down"));
    }
    if (this.#waiting.length >= MAX_HASHES_QUEUED) {
      return Promise.reject(
        new AppError(
          "RATE_LIMITED",
          `${MAX_HASHES_QUEUED} passwords wait to be checked already; try again in a few seconds`,
          { status: 429 },
        ),
      );
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      this.#next();
    });
  }

  close(): void {
    this.#closed = true;
    this.#end("the server is shutting down");
    for (const job of this.#waiting.splice(0)) {
      job.reject(unavailable("the server is shutting down"));
    }
  }

  #next(): void {
    this.#idle?.cancel();
    // A worker at its end takes nothing more, and goes when it has answered.
    if (this.#asked >= HASHES_PER_WORKER) {
      if (this.#inFlight.size > 0) return;
      this.#end("the password worker is replaced");
    }
    while (
      this.#waiting.length > 0 && this.#inFlight.size < HASHES_IN_FLIGHT &&
      this.#asked < HASHES_PER_WORKER
    ) this.#send(this.#waiting.shift()!);
    if (this.#inFlight.size === 0 && this.#worker !== null) {
      this.#idle = this.#time.after(WORKER_IDLE_MS, () => this.#end("idle"));
    }
  }

  #send(job: Job): void {
    this.#worker ??= this.#start();
    const id = this.#nextId++;
    this.#asked++;
    const deadline = this.#time.after(
      HASH_DEADLINE_MS,
      () => this.#restart("the password worker does not answer"),
    );
    this.#inFlight.set(id, { ...job, deadline });
    const request: HashRequest = { id, ...job.question };
    this.#worker.postMessage(request);
  }

  #start(): Worker {
    const worker = new Worker(this.#workerUrl, {
      type: "module",
      name: "password",
      deno: { permissions: NO_PERMISSIONS },
    } as WorkerOptions);
    worker.addEventListener("message", ({ data }) => this.#onAnswer(data));
    worker.addEventListener("error", (event) => {
      // Without this an error in the worker ends the whole process.
      event.preventDefault();
      if (worker === this.#worker) {
        this.#restart(`the password worker failed: ${event.message}`);
      }
    });
    return worker;
  }

  #onAnswer(answer: HashAnswer): void {
    const job = this.#inFlight.get(answer.id);
    if (job === undefined) return;
    this.#inFlight.delete(answer.id);
    job.deadline.cancel();
    if (answer.ok) job.resolve(answer.value);
    else job.reject(unavailable(answer.message));
    this.#next();
  }

  #restart(why: string): void {
    this.#end(why);
    if (!this.#closed) this.#next();
  }

  #end(why: string): void {
    this.#idle?.cancel();
    this.#idle = null;
    this.#worker?.terminate();
    this.#worker = null;
    this.#asked = 0;
    const lost = [...this.#inFlight.values()];
    this.#inFlight.clear();
    for (const job of lost) {
      job.deadline.cancel();
      job.reject(unavailable(why));
    }
  }
}

function unavailable(why: string): AppError {
  return new AppError(
    "INTERNAL",
    `The password could not be checked: ${why}; try again`,
  );
}
