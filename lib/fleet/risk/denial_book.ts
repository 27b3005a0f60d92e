import type { LogEntry, LogQuery } from "../../contracts/log.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { denialOf, type ToldDenial, tripOf } from "./denials.ts";
import {
  DENIAL_PAGE,
  DENIAL_READS,
  DENIALS_FRESH_MS,
  DENIALS_WINDOW_MS,
} from "./limits.ts";

/** What the log says of denied orders. */
export interface DenialCount {
  since: EpochMs;
  isWhole: boolean;
  denials: readonly ToldDenial[];
  trips: readonly ToldDenial[];
}

/** Where the log is read. */
export interface DenialSource {
  now(): EpochMs;
  logs(
    query: LogQuery,
  ): Promise<{ items: readonly LogEntry[]; nextCursor: string | null }>;
}

/** Counts denied orders, at most once every few seconds however many ask. */
export class DenialBook {
  readonly #source: DenialSource;
  #kept: { at: EpochMs; count: Promise<DenialCount> } | null = null;

  constructor(source: DenialSource) {
    this.#source = source;
  }

  /** @throws Where the log cannot be read. */
  count(): Promise<DenialCount> {
    const now = this.#source.now();
    if (this.#kept !== null && now - this.#kept.at < DENIALS_FRESH_MS) {
      return this.#kept.count;
    }
    const kept = { at: now, count: this.#read(now) };
    this.#kept = kept;
    // The next one who asks tries again.
    kept.count.catch(() => {
      if (this.#kept === kept) this.#kept = null;
    });
    return kept.count;
  }

  async #read(now: EpochMs): Promise<DenialCount> {
    const from = now - DENIALS_WINDOW_MS;
    const lines: LogEntry[] = [];
    let cursor: string | undefined;
    for (let reads = 0; reads < DENIAL_READS; reads++) {
      // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
      const page = await this.#source.logs({
        level: ["warning"],
        category: ["risk"],
        limit: DENIAL_PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      });
      lines.push(...page.items);
      const oldest = page.items.at(-1);
      if (
        page.nextCursor === null || oldest !== undefined && oldest.at < from
      ) {
        return toCount(lines, { since: from, isWhole: true });
      }
      cursor = page.nextCursor;
    }
    const since = Math.max(from, lines.at(-1)?.at ?? now);
    return toCount(lines, { since, isWhole: false });
  }
}

function toCount(
  lines: readonly LogEntry[],
  span: Pick<DenialCount, "since" | "isWhole">,
): DenialCount {
  const counted = lines.filter(({ at }) => at >= span.since);
  return {
    ...span,
    denials: counted.flatMap((line) => denialOf(line) ?? []),
    trips: counted.flatMap((line) => tripOf(line) ?? []),
  };
}
