import { toUnits } from "../money/units.ts";
import { Refusal } from "../refusal.ts";

/** Parameters of a request, from its query and its form body. */
export class Params {
  readonly #values: URLSearchParams;

  constructor(values: URLSearchParams) {
    this.#values = values;
  }

  text(name: string): string | null {
    const value = this.#values.get(name);
    return value === null || value === "" ? null : value;
  }

  /** @throws {Refusal} -1102 if it is missing. */
  required(name: string): string {
    const value = this.text(name);
    if (value !== null) return value;
    throw new Refusal(
      -1102,
      `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`,
    );
  }

  /** An amount; 0 if it is missing. @throws {Refusal} -1100, or -1111 if it has too many places. */
  amount(name: string): bigint {
    const text = this.text(name);
    if (text === null) return 0n;
    const value = toUnits(text);
    if (value !== null) return value;
    if (/^\d+\.\d+$/.test(text)) {
      throw new Refusal(
        -1111,
        `Parameter '${name}' has too much precision.`,
      );
    }
    throw new Refusal(
      -1100,
      `Illegal characters found in parameter '${name}'.`,
    );
  }

  /** @throws {Refusal} -1102 or as {@link amount}. */
  requiredAmount(name: string): bigint {
    this.required(name);
    return this.amount(name);
  }

  /** A whole number; null if it is missing. @throws {Refusal} -1100 */
  integer(name: string): number | null {
    const text = this.text(name);
    if (text === null) return null;
    const value = Number(text);
    if (Number.isSafeInteger(value)) return value;
    throw new Refusal(
      -1100,
      `Illegal characters found in parameter '${name}'.`,
    );
  }

  flag(name: string): boolean {
    return this.text(name)?.toLowerCase() === "true";
  }

  /** One of some words. @throws {Refusal} -1102 or -1116. */
  choice<const Word extends string>(
    name: string,
    words: readonly Word[],
  ): Word {
    const text = this.required(name);
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return word;
    throw new Refusal(-1116, `Invalid ${name}.`);
  }
}
