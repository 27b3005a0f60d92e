/**
 * The closed trades of agents in memory, as far as figures need them. They are
 * read from the store when somebody first asks, and from then on only the
 * newest; sums that were asked for once are kept and go on from where they
 * were. What is too much is forgotten, least recently asked first, and read
 * again when it is asked for.
 *
 * @module
 */
import { RETAINED_TRADES } from "../../store/limits.ts";
import type { AgentStore } from "../../store/port.ts";
import {
  BOOK_SPARE_ROWS,
  BOOK_TALLIES_MAX,
  BOOKS_ROWS_MAX,
  RECOVERY_PAGE,
} from "../limits.ts";
import { Tally, type TallyPlace } from "./tally.ts";
import { toRow, type TradeRow } from "./trade_row.ts";

/** A tally, and how many rows are in it. */
interface KeptTally {
  tally: Tally;
  counted: number;
}

interface Book {
  /** Oldest first. */
  rows: TradeRow[];
  /** How many trades the agent had when they were read last. */
  seen: number;
  tallies: Map<string, KeptTally>;
  /** The reading under way. */
  reading: Promise<void> | null;
}

/** Where the trades are stored. */
type Trades = Pick<AgentStore, "trades" | "tradeCount">;

/** The trades of all agents that somebody asked for. */
export class TradeBooks {
  readonly #store: Trades;
  /** Least recently asked first. */
  readonly #books = new Map<string, Book>();

  constructor(store: Trades) {
    this.#store = store;
  }

  /**
   * Sums over the trades of an agent.
   *
   * @param key What the sums are of; the same key stands for the same place.
   * @throws {AppError} STORE_UNAVAILABLE
   */
  async tally(key: string, place: TallyPlace): Promise<Tally> {
    const book = this.#bookOf(place.agentId);
    book.reading ??= this.#read(place.agentId, book).finally(() => {
      book.reading = null;
    });
    await book.reading;
    this.#forgetTooMuch();
    const kept = book.tallies.get(key) ?? { tally: new Tally(), counted: 0 };
    for (; kept.counted < book.rows.length; kept.counted++) {
      kept.tally.add(book.rows[kept.counted]!, place);
    }
    keepNewest(book.tallies, { key, value: kept, most: BOOK_TALLIES_MAX });
    return kept.tally;
  }

  /** Forgets the agents that there are no more. */
  keepOnly(isThere: (agentId: string) => boolean): void {
    for (const agentId of this.#books.keys()) {
      if (!isThere(agentId)) this.#books.delete(agentId);
    }
  }

  #bookOf(agentId: string): Book {
    const known = this.#books.get(agentId);
    const isUsable = known !== undefined &&
      known.rows.length < RETAINED_TRADES + BOOK_SPARE_ROWS;
    const book = isUsable
      ? known
      : { rows: [], seen: 0, tallies: new Map(), reading: null };
    keepNewest(this.#books, { key: agentId, value: book, most: Infinity });
    return book;
  }

  /** Reads what is newer than what is known, newest first as the store pages. */
  async #read(agentId: string, book: Book): Promise<void> {
    const count = await this.#store.tradeCount(agentId);
    const missing = count - book.seen;
    const newest: TradeRow[] = [];
    let cursor: string | null = String(count);
    while (newest.length < missing && cursor !== null) {
      const limit = Math.min(RECOVERY_PAGE, missing - newest.length);
      // deno-lint-ignore no-await-in-loop -- a page follows the one before
      const page = await this.#store.trades(agentId, { limit, cursor });
      for (const trade of page.items) newest.push(toRow(trade));
      cursor = page.nextCursor;
    }
    for (const row of newest.reverse()) book.rows.push(row);
    book.seen = Math.max(book.seen, count);
  }

  #forgetTooMuch(): void {
    let rows = 0;
    for (const book of this.#books.values()) rows += book.rows.length;
    for (const [agentId, book] of this.#books) {
      // The last one is the one that is asked for.
      if (rows <= BOOKS_ROWS_MAX || this.#books.size === 1) return;
      rows -= book.rows.length;
      this.#books.delete(agentId);
    }
  }
}

/** Puts an entry at the end of a map, and drops the first ones beyond `most`. */
function keepNewest<T>(
  map: Map<string, T>,
  { key, value, most }: { key: string; value: T; most: number },
): void {
  map.delete(key);
  map.set(key, value);
  for (const first of map.keys()) {
    if (map.size <= most) return;
    map.delete(first);
  }
}
