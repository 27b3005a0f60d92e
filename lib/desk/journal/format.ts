/**
 * Versions of the journal's records. A journal names its format in its first
 * record; a newer build that opens an older journal notes in it that the lines
 * from there on are of the newer format, so that an older build refuses it
 * instead of misreading it.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import type { AccountState } from "../account/account_state.ts";
import type { DeskRecord, JournalEntry } from "./records.ts";

/**
 * Format that this build writes.
 *
 * 1: ACCOUNT without `format`, REARM without `commandId`.
 * 2: both carry them; FORMAT is known.
 * 3: a journal has segments; ACCOUNT carries `state`.
 * 4: an intent may be without a target; a moved stop is a CANCEL and an ORDER
 *    with an id of its own; MOVE_DENIED is known. FUNDING is known; the ledger
 *    of a `state` and its position carry what was paid.
 * 5: an intent, an order, a fill, a position and a mark may have a second leg.
 * 6: orders may go to a venue: ORDER carries `clientOrderId`, FUNDING an id and
 *    no price, and IDS, IDS_ASKED, RULES, SENDING, VENUE, CANCELING, ADOPT, STOP,
 *    CLOSING, CLOSING_ENDED and WRITE_OFF are known; a `state` carries what they add up to.
 * 7: an entry may be in parts, post-only or a stop, and moved to another price:
 *    PART, REPRICE, REPRICE_DENIED, PART_OVER and PARENT_OVER are known, orders
 *    and fills carry `part`; ORDER `parent` and `lastPrice`, refusals a `cause`.
 *    The causes of a STATE may hold what risk managers want, which an older build
 *    would not keep.
 */
export const JOURNAL_FORMAT = 7;

interface OldRecord {
  type: string;
  [field: string]: unknown;
}

type Upcaster = (record: OldRecord) => OldRecord;

/** From the format in the key to the next one, by record type; what is not named did not change. */
const UPCASTERS: Readonly<Record<number, Readonly<Record<string, Upcaster>>>> =
  {
    1: {
      ACCOUNT: (record) => ({ ...record, format: 2 }),
      REARM: (record) => ({ ...record, commandId: null }),
    },
    2: { ACCOUNT: (record) => ({ ...record, format: 3, state: null }) },
    3: { ACCOUNT: withoutFunding },
    4: { ACCOUNT: (record) => ({ ...record, format: 5 }) },
    5: { ACCOUNT: withoutVenue },
    6: { ACCOUNT: (record) => ({ ...record, format: 7 }) },
  };

/** The first record of a segment from before funding was booked. */
function withoutFunding(record: OldRecord): OldRecord {
  const { state } = record as { state?: AccountState | null };
  if (state === null || state === undefined) return { ...record, format: 4 };
  const { ledger } = state.book;
  const position = ledger.position && { ...ledger.position, funding: "0" };
  return {
    ...record,
    format: 4,
    state: {
      ...state,
      book: {
        ...state.book,
        ledger: { ...ledger, position, fundingPaid: "0" },
      },
    },
  };
}

/** The first record of a segment from before orders went to a venue. */
function withoutVenue(record: OldRecord): OldRecord {
  const { state } = record as { state?: AccountState | null };
  if (state === null || state === undefined) return { ...record, format: 6 };
  const book = { ...state.book, venue: null };
  return { ...record, format: 6, state: { ...state, book } };
}

/** Reads entries of one journal in order, from whatever format they were written in. */
export class FormatReader {
  readonly #path: string;
  #format = 1;

  /** `path` is named in errors only. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Format of the lines read last. */
  get format(): number {
    return this.#format;
  }

  /**
   * Brings an entry to the present format.
   *
   * @throws {AppError} `JOURNAL_FORMAT_NEWER` if a newer build wrote it.
   */
  read(entry: JournalEntry): JournalEntry {
    const { type } = entry.record;
    if (type === "ACCOUNT" || type === "FORMAT") this.#switchTo(entry.record);
    if (this.#format === JOURNAL_FORMAT) return entry;
    let record = entry.record as unknown as OldRecord;
    for (let format = this.#format; format < JOURNAL_FORMAT; format++) {
      record = UPCASTERS[format]?.[record.type]?.(record) ?? record;
    }
    return { ...entry, record: record as unknown as DeskRecord };
  }

  #switchTo(record: { format?: number }): void {
    this.#format = record.format ?? 1;
    if (this.#format <= JOURNAL_FORMAT) return;
    throw new AppError(
      "JOURNAL_FORMAT_NEWER",
      `Cannot read journal "${this.#path}": it is of format ${this.#format} and this build reads up to ${JOURNAL_FORMAT}; ` +
        "start the build that wrote it, or a newer one",
    );
  }
}
