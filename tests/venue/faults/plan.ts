import { createRng, type Rng } from "../../../lib/core/rng.ts";
import { FAULT_LOG_MAX } from "../limits.ts";
import type { MarketKind } from "../market/specs.ts";
import {
  type FaultLogLine,
  type FaultRule,
  isFault,
  REQUEST_FAULTS,
  type RequestKind,
  STREAM_FAULTS,
  type StreamKind,
} from "./kinds.ts";

/** What happens at a place where a fault may strike. */
export interface Occasion {
  on: RequestKind | StreamKind;
  market: MarketKind | null;
  /** What it would hit, for the log; a stream's message. */
  detail: string;
}

interface LiveRule extends FaultRule {
  left: number;
  toSkip: number;
}

/** Decides which fault strikes where, and remembers it. */
export class FaultPlan {
  readonly #rng: Rng;
  readonly #now: () => number;
  #rules: LiveRule[] = [];
  readonly #log: FaultLogLine[] = [];
  #seq = 0;
  /** The venue is closed: every request but the system status fails. */
  isInMaintenance = false;

  constructor({ seed, now }: { seed: number; now: () => number }) {
    this.#rng = createRng(seed);
    this.#now = now;
  }

  /** Adds a rule; earlier rules go first. @throws {RangeError} If there is no such fault. */
  add(rule: FaultRule): void {
    if (!isFault(rule.fault)) {
      throw new RangeError(`There is no fault ${rule.fault}`);
    }
    const times = rule.times ?? (rule.chance === undefined ? 1 : Infinity);
    this.#rules.push({ ...rule, left: times, toSkip: rule.skip ?? 0 });
  }

  /** Takes all rules back and opens the venue; the log stays. */
  clear(): void {
    this.#rules = [];
    this.isInMaintenance = false;
  }

  /** The rule that strikes here, or null. */
  strike(occasion: Occasion): FaultRule | null {
    const rule = this.#rules.find((rule) => this.#strikes(rule, occasion));
    if (rule === undefined) return null;
    rule.left--;
    if (rule.left <= 0) this.#rules.splice(this.#rules.indexOf(rule), 1);
    if (this.#log.length >= FAULT_LOG_MAX) this.#log.shift();
    this.#log.push({
      seq: this.#seq++,
      at: this.#now(),
      market: occasion.market,
      on: occasion.on,
      fault: rule.fault,
      detail: occasion.detail.slice(0, 200),
    });
    return rule;
  }

  log(): readonly FaultLogLine[] {
    return this.#log;
  }

  #strikes(rule: LiveRule, occasion: Occasion): boolean {
    const isStream = occasion.on.startsWith("stream.");
    const isRightSort = isStream
      ? rule.fault in STREAM_FAULTS
      : !(rule.fault in STREAM_FAULTS);
    const isMatch = isRightSort &&
      (rule.on === "any" || rule.on === occasion.on) &&
      (rule.market === undefined || rule.market === occasion.market) &&
      (rule.containing === undefined ||
        occasion.detail.includes(rule.containing));
    if (!isMatch) return false;
    if (rule.toSkip > 0) {
      rule.toSkip--;
      return false;
    }
    return rule.chance === undefined || this.#rng.next() < rule.chance;
  }
}

/** It strikes the request itself, not the order in it. */
export function isRequestFault(rule: FaultRule): boolean {
  return rule.fault in REQUEST_FAULTS;
}
