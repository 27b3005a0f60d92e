import type { AuditEntry } from "../../contracts/audit.ts";
import { SYSTEM_ACTOR } from "../../contracts/audit.ts";
import type { TimeSource, TimeSourceTimer } from "../../core/time.ts";
import {
  MAX_ANONYMOUS_REFUSALS,
  MAX_COUNTED_ACTORS,
  MAX_REFUSALS_PER_ACTOR,
  MAX_SUMMARY_NAMES,
  REFUSAL_WINDOW_MS,
} from "./limits.ts";

/** Action of the entry that counts what was not stored one by one. */
export const SUMMARY_ACTION = "access.refusals";

const OTHERS = "others";

interface Counted {
  actor: AuditEntry["actor"];
  stored: number;
  count: number;
  /** How often, by action; at most MAX_SUMMARY_NAMES of them. */
  actions: Map<string, number>;
  addresses: Set<string>;
  from: number;
  to: number;
}

/**
 * Lets a flood of refusals not fill the disk: the first ones of each actor are
 * stored one by one, the rest of the window is counted and told by one entry.
 * All whom nobody knows share one count, since a name costs them nothing. What
 * is counted when the process dies is lost; the entries before it say enough.
 */
export class RefusalCounter {
  readonly #time: TimeSource;
  readonly #append: (entry: AuditEntry) => Promise<void>;
  #counted = new Map<string, Counted>();
  #timer: TimeSourceTimer | null = null;

  constructor(
    options: {
      time: TimeSource;
      append: (entry: AuditEntry) => Promise<void>;
    },
  ) {
    this.#time = options.time;
    this.#append = options.append;
  }

  /** Stores an entry, or counts it; resolves when either is done. */
  async record(entry: AuditEntry): Promise<void> {
    if (entry.outcome === "refused" && this.#isOverLimit(entry)) return;
    await this.#append(entry);
  }

  /** Writes what was counted. */
  async close(): Promise<void> {
    await this.#tell();
  }

  #isOverLimit(entry: AuditEntry): boolean {
    this.#timer ??= this.#time.after(
      REFUSAL_WINDOW_MS,
      () => void this.#tell(),
    );
    const isKnown = entry.actor.id !== null;
    const counted = this.#countOf(isKnown ? entry.actor.id! : "", entry);
    const limit = isKnown ? MAX_REFUSALS_PER_ACTOR : MAX_ANONYMOUS_REFUSALS;
    if (counted.stored < limit) {
      counted.stored++;
      return false;
    }
    add(counted, entry);
    return true;
  }

  #countOf(actor: string, entry: AuditEntry): Counted {
    const isFull = !this.#counted.has(actor) &&
      this.#counted.size >= MAX_COUNTED_ACTORS;
    const key = isFull ? OTHERS : actor;
    const known = this.#counted.get(key);
    if (known !== undefined) return known;
    const counted: Counted = {
      actor: key === actor && actor !== ""
        ? entry.actor
        : { kind: "anonymous", id: null, name: isFull ? OTHERS : "anonymous" },
      stored: 0,
      count: 0,
      actions: new Map(),
      addresses: new Set(),
      from: entry.at,
      to: entry.at,
    };
    this.#counted.set(key, counted);
    return counted;
  }

  async #tell(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = null;
    const counted = [...this.#counted.values()];
    this.#counted = new Map();
    for (const one of counted) {
      if (one.count === 0) continue;
      // deno-lint-ignore no-await-in-loop -- one after another; a store that fails loses only this summary
      await this.#append(summaryOf(one, this.#time.nowMs())).catch(() => {});
    }
  }
}

function add(counted: Counted, entry: AuditEntry): void {
  const { action, detail, at } = entry;
  counted.count++;
  counted.to = Math.max(counted.to, at);
  if (counted.count === 1) counted.from = at;
  const isNamed = counted.actions.has(action) ||
    counted.actions.size < MAX_SUMMARY_NAMES;
  const name = isNamed ? action : OTHERS;
  counted.actions.set(name, (counted.actions.get(name) ?? 0) + 1);
  const address = detail["address"];
  if (
    typeof address === "string" && counted.addresses.size < MAX_SUMMARY_NAMES
  ) {
    counted.addresses.add(address.slice(0, 64));
  }
}

function summaryOf(
  { actor, count, actions, addresses, from, to }: Counted,
  at: number,
): AuditEntry {
  return {
    at,
    actor: SYSTEM_ACTOR,
    via: "system",
    action: SUMMARY_ACTION,
    target: actor.id ?? actor.name,
    outcome: "refused",
    reason: `${count} more refusals than are stored one by one`,
    detail: {
      actor,
      count,
      from,
      to,
      actions: Object.fromEntries(actions),
      addresses: [...addresses],
    },
  };
}
