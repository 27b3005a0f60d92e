import { LEDGER_ENTRIES_MAX } from "../limits.ts";
import { toText } from "./units.ts";

/** Whose money it is. `free`, `locked` and `wallet` are the customer's; the others stand for the rest of the world. */
export const ACCOUNTS = [
  "free",
  "locked",
  "wallet",
  "owner",
  "market",
  "fees",
  "funding",
  "insurance",
] as const;
export type AccountName = (typeof ACCOUNTS)[number];

/** One movement of money. */
export interface LedgerEntry {
  seq: number;
  at: number;
  asset: string;
  amount: bigint;
  from: AccountName;
  to: AccountName;
  /** What caused it, for instance `trade 12`. */
  why: string;
}

/**
 * Double-entry book of the fake venue: every movement takes from one account
 * what it gives to another, so all accounts of an asset add up to zero for ever.
 */
export class Ledger {
  readonly #now: () => number;
  readonly #balances = new Map<string, bigint>();
  readonly #entries: LedgerEntry[] = [];
  #seq = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Moves money. A negative amount is a defect; nothing happens for 0. */
  move(entry: Omit<LedgerEntry, "seq" | "at">): void {
    const { asset, amount, from, to } = entry;
    if (amount < 0n) throw new RangeError(`${entry.why}: a negative amount`);
    if (amount === 0n) return;
    this.#add(from, asset, -amount);
    this.#add(to, asset, amount);
    if (this.#entries.length >= LEDGER_ENTRIES_MAX) this.#entries.shift();
    this.#entries.push({ ...entry, seq: this.#seq++, at: this.#now() });
  }

  /** Moves money in the direction of its sign: positive to `to`, negative back. */
  settle(entry: Omit<LedgerEntry, "seq" | "at">): void {
    if (entry.amount >= 0n) return this.move(entry);
    this.move({
      ...entry,
      amount: -entry.amount,
      from: entry.to,
      to: entry.from,
    });
  }

  balance(account: AccountName, asset: string): bigint {
    return this.#balances.get(`${account} ${asset}`) ?? 0n;
  }

  /** Sum over all accounts of an asset; anything but 0 is a defect of the venue. */
  total(asset: string): bigint {
    return ACCOUNTS.reduce((sum, name) => sum + this.balance(name, asset), 0n);
  }

  assets(): string[] {
    const names = [...this.#balances.keys()].map((key) => key.split(" ")[1]!);
    return [...new Set(names)].sort();
  }

  entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  /** All balances as decimal text, by account and asset. */
  report(): Record<string, Record<string, string>> {
    const report: Record<string, Record<string, string>> = {};
    for (const [key, value] of this.#balances) {
      const [account, asset] = key.split(" ") as [string, string];
      (report[account] ??= {})[asset] = toText(value);
    }
    return report;
  }

  #add(account: AccountName, asset: string, amount: bigint): void {
    const key = `${account} ${asset}`;
    this.#balances.set(key, (this.#balances.get(key) ?? 0n) + amount);
  }
}
