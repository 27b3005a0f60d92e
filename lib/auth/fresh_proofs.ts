import { FRESH_PROOF_MS, FRESH_PROOFS_MAX } from "./limits.ts";

/** Sessions that proved their second factor a moment ago. */
export class FreshProofs {
  readonly #nowMs: () => number;
  readonly #untilMs = new Map<string, number>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  prove(sessionId: string): void {
    this.#untilMs.delete(sessionId);
    this.#untilMs.set(sessionId, this.#nowMs() + FRESH_PROOF_MS);
    if (this.#untilMs.size > FRESH_PROOFS_MAX) {
      this.#untilMs.delete(this.#untilMs.keys().next().value!);
    }
  }

  /** Until when the proof counts; null where there is none. */
  until(sessionId: string): number | null {
    const until = this.#untilMs.get(sessionId);
    return until === undefined || until <= this.#nowMs() ? null : until;
  }

  move(from: string, to: string): void {
    const until = this.#untilMs.get(from);
    if (until === undefined || from === to) return;
    this.#untilMs.delete(from);
    this.#untilMs.set(to, until);
  }

  forget(sessionId: string): void {
    this.#untilMs.delete(sessionId);
  }
}
