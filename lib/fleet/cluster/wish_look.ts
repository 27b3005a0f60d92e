import type { FleetContext } from "../context.ts";
import { takeStored } from "../commands/doubt.ts";
import { WISHES_PER_LOOK } from "./limits.ts";

/**
 * Reads the records of own agents again, some with each look and all of them in
 * turn: another process may have stored what is wanted of an agent that nobody
 * owned, and to tell its new owner may have failed.
 */
export class WishLook {
  readonly #context: FleetContext;
  #next = 0;

  constructor(context: FleetContext) {
    this.#context = context;
  }

  /** Takes over what the store has otherwise of the agents whose turn it is. */
  async look(): Promise<void> {
    const own = this.#context.agents.own();
    if (own.length === 0 || this.#context.isDraining) return;
    if (this.#next >= own.length) this.#next = 0;
    const turn = own.slice(this.#next, this.#next + WISHES_PER_LOOK);
    this.#next += turn.length;
    await takeStored(this.#context, turn.map(({ record }) => record.id));
  }
}
