import type { Latch, StopView } from "../../contracts/emergency.ts";
import { answerFile } from "../../contracts/emergency_desk.ts";
import type { EmergencyFiles, RequestOfFolder } from "./files.ts";
import { latchOfRequest } from "./requests.ts";

/**
 * Requests that come as files. All desks look into the same folder, so none of
 * them removes a file: each takes it once, and answers it in its own folder. The
 * owner removes it when every desk has it.
 */
export class RequestFolder {
  readonly #files: EmergencyFiles;
  /** Files that were taken and are still there. */
  #taken = new Set<string>();
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
      const found = this.#files.requests();
      const fresh = found.filter((file) => !this.#taken.has(keyOf(file)));
      this.#taken = new Set(found.map(keyOf));
      return fresh.map((file) => {
        const latch = latchOfRequest(file, nowMs);
        this.#answering.add(latch.id);
        return latch;
      });
    } catch {
      return [];
    }
  }

  /** Writes down how the stops in force stand that were asked for by a file, until they have ended. */
  answer(stops: readonly StopView[]): void {
    for (const id of this.#answering) {
      const stop = stops.find((one) => one.id === id);
      if (stop?.isWorking !== true) this.#answering.delete(id);
      if (stop !== undefined) this.#write(stop);
    }
  }

  #write(stop: StopView): void {
    try {
      const name = answerFile(stop.id.slice("stop_".length));
      this.#files.answer(name, `${JSON.stringify(stop, null, 2)}\n`);
    } catch {
      // Nobody reads it then; the stop itself does not depend on it.
    }
  }
}

/** One that is made again by the same name is another one. */
function keyOf({ name, at }: RequestOfFolder): string {
  return `${name} ${at}`;
}
