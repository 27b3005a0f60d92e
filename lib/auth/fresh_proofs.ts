import { FRESH_PROOF_MS, FRESH_PROOFS_MAX } from "./limits.ts";

/** How somebody proved who they are: a password counts for less than a second factor. */
export type ProofKind = "factor" | "password";

interface Proof {
  untilMs: number;
  kind: ProofKind;
}

/** Sessions that proved a moment ago who asks. */
export class FreshProofs {
  readonly #nowMs: () => number;
  readonly #proofs = new Map<string, Proof>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  prove(sessionId: string, kind: ProofKind): void {
    this.#proofs.delete(sessionId);
    const untilMs = this.#nowMs() + FRESH_PROOF_MS;
    this.#proofs.set(sessionId, { untilMs, kind });
    if (this.#proofs.size > FRESH_PROOFS_MAX) {
      this.#proofs.delete(this.#proofs.keys().next().value!);
    }
  }

  /** The proof that still counts; null where there is none. */
  of(sessionId: string): Proof | null {
    const proof = this.#proofs.get(sessionId);
    return proof === undefined || proof.untilMs <= this.#nowMs() ? null : proof;
  }

  forget(sessionId: string): void {
    this.#proofs.delete(sessionId);
  }
}
