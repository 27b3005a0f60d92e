import type { StoredExchangeKey } from "../contracts/exchange_key.ts";
import { isSameToDesks } from "./key_parts.ts";
import type { ExchangeKeysOptions } from "./service_options.ts";

/** Keys by their id. */
type Keys = ReadonlyMap<string, StoredExchangeKey>;

/** Tells whoever has keys in memory what became of them, and again what was not taken. */
export class KeyNews {
  readonly #options: Pick<ExchangeKeysOptions, "onChange" | "onRemove">;
  /** Of which not everybody knows yet. */
  readonly #untold = new Map<string, StoredExchangeKey>();

  constructor(options: Pick<ExchangeKeysOptions, "onChange" | "onRemove">) {
    this.#options = options;
  }

  /** @throws {AppError} If somebody does not answer. */
  changed(key: StoredExchangeKey): Promise<void> {
    return this.#tell(key, () => this.#options.onChange(key));
  }

  /** @throws {AppError} If somebody does not answer. */
  removed(key: StoredExchangeKey): Promise<void> {
    return this.#tell(key, () => this.#options.onRemove(key));
  }

  /**
   * Tells what another process has made of the keys, and what was not taken
   * before. Who does not answer keeps no news from the others.
   *
   * @throws {AppError} If somebody does not answer: what they were not told is told the next time.
   */
  async compared(before: Keys, now: Keys): Promise<void> {
    const changed = [...now].filter(([id, key]) => {
      const known = before.get(id);
      const isNews = known !== undefined && !isSameToDesks(known, key);
      return isNews || this.#untold.has(id);
    });
    const removed = [...new Map([...this.#untold, ...before])]
      .filter(([id]) => !now.has(id));
    const told = await Promise.allSettled([
      ...changed.map(([, key]) => this.changed(key)),
      ...removed.map(([, key]) => this.removed(key)),
    ]);
    const failed = told.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  async #tell(
    key: StoredExchangeKey,
    tell: () => Promise<void>,
  ): Promise<void> {
    const { id } = key.view;
    this.#untold.set(id, key);
    await tell();
    this.#untold.delete(id);
  }
}
