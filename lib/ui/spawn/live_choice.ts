import type { StepUpRequest } from "../../contracts/second_factor.ts";
import { type Signal, signal } from "@preact/signals";
import type { ExchangeKeyView } from "../../contracts/exchange_key.ts";
import { type ApiClient, explain } from "../client/api_client.ts";

/** The keys of a spawn dialog, and whether a fresh proof is asked for. */
export class LiveChoice {
  /** Null while they are not loaded. */
  readonly keys: Signal<readonly ExchangeKeyView[] | null> = signal(null);
  readonly failure: Signal<string | null> = signal(null);
  readonly isProofAsked = signal(false);
  readonly #api: Pick<ApiClient, "exchangeKeys" | "stepUp">;

  constructor(api: Pick<ApiClient, "exchangeKeys" | "stepUp">) {
    this.#api = api;
  }

  /** Asks for the keys, again where they are known already. */
  async load(): Promise<void> {
    try {
      this.keys.value = (await this.#api.exchangeKeys()).items;
      this.failure.value = null;
    } catch (error) {
      this.failure.value = explain(error);
    }
  }

  /** Gives a proof; rejects where it is refused. */
  async prove(proof: StepUpRequest): Promise<void> {
    await this.#api.stepUp(proof);
    this.isProofAsked.value = false;
  }
}
