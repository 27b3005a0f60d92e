import type { SupervisorEvent } from "./child_spec.ts";

/**
 * Hands events to the owner one after the other. What a listener causes by
 * calling back is told after the event in hand, and what several children do
 * together is told when all of them have done it, so that no listener sees a
 * child half changed or hears of two changes in the wrong order.
 */
export class EventQueue {
  readonly #deliver: (event: SupervisorEvent) => void;
  readonly #waiting: SupervisorEvent[] = [];
  #isDelivering = false;
  #holds = 0;

  constructor(deliver: (event: SupervisorEvent) => void) {
    this.#deliver = deliver;
  }

  /** Delivers an event, at once where nothing is in hand. */
  emit(event: SupervisorEvent): void {
    this.#waiting.push(event);
    this.#flush();
  }

  /** Runs `action` and delivers what it emits when it is done. */
  together(action: () => void): void {
    this.#holds++;
    try {
      action();
    } finally {
      this.#holds--;
      this.#flush();
    }
  }

  #flush(): void {
    if (this.#isDelivering || this.#holds > 0) return;
    this.#isDelivering = true;
    try {
      let next = this.#waiting.shift();
      while (next !== undefined) {
        this.#deliver(next);
        next = this.#waiting.shift();
      }
    } finally {
      this.#isDelivering = false;
    }
  }
}
