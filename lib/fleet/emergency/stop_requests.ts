import type { Latch } from "../../contracts/emergency.ts";
import { type HaltFile, requestFile } from "../../contracts/emergency_desk.ts";
import type { FleetContext } from "../context.ts";

/** Where requests for a stop wait for desks that do not answer. */
export interface EmergencyInbox {
  /** Writes a file; it would survive a power cut when this resolves. */
  drop(name: string, text: string): Promise<void>;
  /** Removes the files that asked for these stops. */
  remove(ids: ReadonlySet<string>): Promise<void>;
}

/** The requests in the folder of all desks. */
export class StopRequests {
  readonly #context: FleetContext;
  readonly #inbox: EmergencyInbox | undefined;

  constructor(context: FleetContext, inbox: EmergencyInbox | undefined) {
    this.#context = context;
    this.#inbox = inbox;
  }

  /** Puts a stop there; answers whether it would survive the end of this process. */
  async drop({ id }: Latch, halt: HaltFile): Promise<boolean> {
    if (this.#inbox === undefined) return false;
    const name = requestFile(id.slice("stop_".length));
    try {
      await this.#inbox.drop(name, JSON.stringify(halt));
      return true;
    } catch (error) {
      this.#context.onError("write a request for an emergency stop", error);
      return false;
    }
  }

  /** Removes the files that asked for these stops. */
  async remove(ids: ReadonlySet<string>): Promise<void> {
    try {
      await this.#inbox?.remove(ids);
    } catch (error) {
      // They ask for what is in force already; the next process tries again.
      this.#context.onError("remove requests for an emergency stop", error);
    }
  }
}
