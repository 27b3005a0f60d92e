import type { OrderRole } from "../../../contracts/order.ts";
import { CLIENT_IDS_BLOCK, CLIENT_IDS_BLOCK_MAX } from "../../limits.ts";
import {
  EPOCHS_MAX,
  makeClientOrderId,
  nextSequence,
  parseClientOrderId,
  SEQUENCES_MAX,
  unwrittenSequence,
} from "../../venue/client_order_id.ts";
import type { VenueDesk } from "./venue_desk.ts";

/**
 * Client order ids of one opening of an account. A block of sequence numbers is
 * on the disk before the first of them is used, so that after a power cut every
 * id that may be at the venue can be asked for. An opening has an epoch of its
 * own: the journal's end may be lost, so numbers of an earlier one may be used
 * up without a record of it. While the disk refuses, exits go out all the same,
 * with ids that no other opening can make.
 */
export class IdSupply {
  readonly #desk: VenueDesk;
  #syncedTo = -1;
  #blockSize = CLIENT_IDS_BLOCK;
  #hasBegun = false;
  /** No later opening can make the ids of the present epoch, whatever comes to the disk. */
  #isEpochOwn = false;

  constructor(desk: VenueDesk) {
    this.#desk = desk;
  }

  /** Reserves the first block of a new epoch; nothing where the epochs are used up. */
  begin(): void {
    const epoch = this.#desk.book.ids.epoch + 1;
    if (epoch > EPOCHS_MAX) return;
    this.#hasBegun = this.#reserve(epoch, 0);
  }

  /** The id of the next order of a role; null where none is left. */
  next(role: OrderRole): string | null {
    const { book: { ids }, execution } = this.#desk;
    const sequence = nextSequence(role, ids.nextId);
    if (!this.#hasBegun) return null;
    while (sequence >= ids.idsTo) {
      if (!this.#reserve(ids.epoch, ids.idsTo)) return null;
    }
    return makeClientOrderId(execution, { epoch: ids.epoch, sequence });
  }

  /** Reserves the next block when half of the newest is used. */
  reserveAhead(): void {
    const { ids } = this.#desk.book;
    if (ids.idsTo - ids.nextId <= this.#blockSize / 2) {
      this.#reserve(ids.epoch, ids.idsTo);
    }
  }

  /** Whether an order with this id may go out: it is of this opening, and on the disk or an exit's while the disk refuses. */
  isUsable(clientOrderId: string): boolean {
    const { book, ports } = this.#desk;
    const parsed = parseClientOrderId(clientOrderId);
    if (parsed?.epoch !== book.ids.epoch) return false;
    if (parsed.sequence < this.#syncedTo) return true;
    return parsed.role !== "entry" && this.#isEpochOwn &&
      ports.isJournalFailing();
  }

  synced(to: number): void {
    this.#syncedTo = Math.max(this.#syncedTo, to);
    this.#isEpochOwn = true;
  }

  /**
   * Begins another epoch where the disk refuses the present one, which a later
   * opening would begin once more. False where that is not so.
   */
  renew(): boolean {
    const { book, ports } = this.#desk;
    const epoch = book.ids.epoch + 1;
    const isDue = this.#hasBegun && !this.#isEpochOwn &&
      ports.isJournalFailing() && epoch <= EPOCHS_MAX;
    if (isDue) {
      this.#reserve(epoch, unwrittenSequence(ports.nowMs()));
      this.#isEpochOwn = true;
    }
    return isDue;
  }

  /** Ids of earlier openings that may have been used without a record. */
  openIds(): { clientOrderId: string }[] {
    const { book, execution } = this.#desk;
    const ids: { clientOrderId: string }[] = [];
    for (const { epoch, from, to } of book.ids.openBlocks) {
      for (let sequence = from; sequence < to; sequence++) {
        const clientOrderId = makeClientOrderId(execution, { epoch, sequence });
        const isKnown = clientOrderId === null ||
          book.findByClientId(clientOrderId) !== null ||
          book.findEnded(clientOrderId) !== null;
        if (!isKnown) ids.push({ clientOrderId });
      }
    }
    return ids;
  }

  /** Whether an order with this id may have been lost with the end of a journal. */
  mayBeLost(clientOrderId: string): boolean {
    return this.openIds().some((open) => open.clientOrderId === clientOrderId);
  }

  /** Whether an exit with this id may have left without a record, because the disk refused: its number is beyond those on record. */
  isBeyondRecord(clientOrderId: string): boolean {
    const { book } = this.#desk;
    const parsed = parseClientOrderId(clientOrderId);
    const isKnown = book.findByClientId(clientOrderId) !== null ||
      book.findEnded(clientOrderId) !== null;
    if (parsed === null || parsed.role === "entry" || isKnown) return false;
    const { epoch, idsTo, openBlocks } = book.ids;
    if (parsed.epoch > epoch) return true;
    return [...openBlocks, { epoch, to: idsTo }].some((block) =>
      block.epoch === parsed.epoch && parsed.sequence >= block.to
    );
  }

  #reserve(epoch: number, from: number): boolean {
    this.#blockSize = this.#wantedSize();
    const to = Math.min(from + this.#blockSize, SEQUENCES_MAX);
    if (to <= from) return false;
    this.#desk.log.record({ type: "IDS", epoch, from, to });
    this.#desk.command({ type: "syncIds", to });
    return true;
  }

  /** An account that sends many orders reserves more at once, so that none of them waits for the disk. */
  #wantedSize(): number {
    const { book, ports } = this.#desk;
    const entries = book.moments.entriesOfMinute(ports.nowMs()).length;
    return Math.min(
      CLIENT_IDS_BLOCK_MAX,
      Math.max(CLIENT_IDS_BLOCK, Math.ceil(entries / 8)),
    );
  }
}
