import type { Clock, Timer } from "../../../actors/clock.ts";
import type { Installed } from "./install_runtime.ts";
import { LOOK_EVERY_MS } from "./limits.ts";
import { RUNTIME_MB } from "./runtime_place.ts";
import { readRequest } from "./runtime_request.ts";
import { readState, writeState } from "./runtime_state.ts";

/** What a keeper works with. */
export interface RuntimeKeeperOptions {
  clock: Clock;
  /** Folder of the runtime. */
  folder: string;
  /** The file by which the host process asks. */
  requestPath: string;
  /** The host process; requests of others are left alone. */
  hostPid(): number | null;
  install(signal: AbortSignal): Promise<Installed>;
  /** Prints one line. */
  say(line: string): void;
}

/**
 * Fetches the ONNX runtime when the host process asks for it: what may start
 * processes does it for what may not. Without a request it looks for one file
 * twice a second, which is all that it costs.
 */
export class RuntimeKeeper {
  readonly #options: RuntimeKeeperOptions;
  readonly #timer: Timer;
  readonly #end = new AbortController();
  /** The newest request of the host; the outcome of what is under way is for it. */
  #requestId: string | null = null;
  #complaint: string | null = null;
  #isLooking = false;
  #isFetching = false;

  constructor(options: RuntimeKeeperOptions) {
    this.#options = options;
    this.#timer = options.clock.every(LOOK_EVERY_MS, () => void this.look());
  }

  /** Looks no more, and ends what is under way. */
  close(): void {
    this.#timer.cancel();
    this.#end.abort();
  }

  /** Looks once, as the clock has it do; resolves when what it found is begun. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#takeRequest();
    } catch (error) {
      this.#complain(error);
    } finally {
      this.#isLooking = false;
    }
  }

  async #takeRequest(): Promise<void> {
    const { folder, hostPid, requestPath } = this.#options;
    const request = await readRequest(requestPath);
    if (request === null || request.id === this.#requestId) return;
    if (request.hostPid !== hostPid()) return;
    this.#requestId = request.id;
    if ((await readState(folder))?.state === "installed") return;
    await Deno.mkdir(folder, { recursive: true });
    await writeState(folder, { state: "fetching", requestId: request.id });
    if (!this.#isFetching) void this.#fetch();
  }

  async #fetch(): Promise<void> {
    this.#isFetching = true;
    let answeredId: string | null = null;
    try {
      answeredId = await this.#install();
    } catch (error) {
      this.#complain(error);
    } finally {
      this.#isFetching = false;
    }
    // Somebody asked anew while the failure of the try before was noted.
    if (answeredId !== null && answeredId !== this.#requestId) {
      this.#requestId = null;
      await this.look();
    }
  }

  /** Answers with the request that a failure was noted for, or with null. */
  async #install(): Promise<string | null> {
    const { clock, folder, install, say } = this.#options;
    const startMs = clock.monotonicMs();
    say(`Fetches the ONNX runtime, ${RUNTIME_MB} MB, once`);
    const installed = await install(this.#end.signal);
    if (installed.ok) {
      const tookS = ((clock.monotonicMs() - startMs) / 1_000).toFixed(1);
      say(`The ONNX runtime is installed, after ${tookS} s`);
      return null;
    }
    const requestId = this.#requestId!;
    const { reason } = installed;
    await writeState(folder, { state: "failed", requestId, reason });
    say(`The ONNX runtime could not be fetched: ${reason}`);
    return requestId;
  }

  /** Says what went wrong, once as long as it is the same. */
  #complain(error: unknown): void {
    const { message } = error as Error;
    if (message === this.#complaint) return;
    this.#complaint = message;
    this.#options.say(`Cannot fetch the ONNX runtime: ${message}`);
  }
}
