import type { Latch, StopView } from "../../contracts/emergency.ts";
import { answerFile } from "../../contracts/emergency_desk.ts";
import type { EmergencyFiles } from "./files.ts";
import { latchOfRequest } from "./requests.ts";

/** Requests that come as files: each is taken once, answered, and removed when its latch is on the disk. */
export class RequestFolder {
  readonly #files: EmergencyFiles;
  /** Names that were taken and are still there. */
  readonly #taken = new Set<string>();
  /** Stops whose course is still written down, by id. */
  readonly #answering = new Set<string>();

  constructor(files: EmergencyFiles) {
    this.#files = files;
  }

  /** Whether the course of a stop is still to be written down. */
  get isAnswering(): boolean {
    return this.#answering.size > 0;
  }

  /** Latches that new files ask for. A folder that cannot be read asks for none: latches in force go on. */
  take(nowMs: number): Latch[] {
    try {
      const fresh = this.#files.requests().filter(({ name }) =>
        !this.#taken.has(name)
      );
      return fresh.map((file) => {
        this.#taken.add(file.name);
        const latch = latchOfRequest(file, nowMs);
        this.#answering.add(latch.id);
        return latch;
      });
    } catch {
      return [];
    }
  }

  /** Removes what was taken; what cannot be removed is not taken again by this process. */
  remove(): void {
    for (const name of this.#taken) {
      try {
        this.#files.removeRequest(name);
        this.#taken.delete(name);
      } catch {
        // Found again after a restart, which stops the same once more.
      }
    }
  }

  /** Writes down how the stops stand that were asked for by a file, until they have ended. */
  answer(stops: readonly StopView[]): void {
    for (const stop of stops) {
      if (!this.#answering.has(stop.id)) continue;
      if (!stop.isWorking) this.#answering.delete(stop.id);
      try {
        const name = answerFile(stop.id.slice("stop_".length));
        this.#files.answer(name, `${JSON.stringify(stop, null, 2)}\n`);
      } catch {
        // Nobody reads it then; the stop itself does not depend on it.
      }
    }
  }
}
