import type { DeskAnswer } from "../../../lib/contracts/desk.ts";
import type { VenueWorld } from "./world.ts";

/** So often somebody looks for orders without an answer. */
const LOOK_EVERY_MS = 20_000;

/**
 * The owner, where nothing proves that an order is absent: looks at the exchange
 * for each one without an answer, and calls absent what is nowhere.
 */
export class SettlingPerson {
  readonly #world: VenueWorld;
  /** Orders that the desk has taken their word for. */
  settled = 0;

  constructor(world: VenueWorld) {
    this.#world = world;
  }

  begin(): void {
    this.#world.clock.every(
      LOOK_EVERY_MS,
      () =>
        this.#world.ask({ type: "account" }, (answer) => this.#look(answer)),
    );
  }

  #look(answer: DeskAnswer | Error): void {
    if (answer instanceof Error) return;
    const { exchange } = this.#world;
    for (const order of answer.account.openOrders) {
      const { orderId, phase, clientOrderId } = order;
      if (phase !== "unknown" && phase !== "sending") continue;
      const isThere = exchange.orders.some((each) =>
        each.clientOrderId === clientOrderId
      );
      if (isThere) continue;
      const detail = "It is nowhere at the exchange";
      this.#world.ask({ type: "settleOrder", orderId, detail }, (told) => {
        // Refused until the exchange has said so for long enough, too.
        if (!(told instanceof Error)) this.settled++;
      });
    }
  }
}
