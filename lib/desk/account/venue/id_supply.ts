import type { OrderRole } from "../../../contracts/order.ts";
import { CLIENT_IDS_BLOCK, CLIENT_IDS_BLOCK_MAX } from "../../limits.ts";
import {
  EPOCHS_MAX,
  makeClientOrderId,
  nextSequence,
  parseClientOrderId,
  SEQUENCES_MAX,
} from "../../venue/client_order_id.ts";
import type { VenueDesk } from "./venue_desk.ts";

/**
 * Client order ids of one opening of an account. A block of sequence numbers is
 * on the disk before the first of them is used, so that after a power cut every
 * id that may be at the venue can be asked for. An opening has an epoch of its
 * own: the journal's end may be lost, so numbers of an earlier one may be used
 * up without a record of it.
 */
export class IdSupply {
  readonly #desk: VenueDesk;
  #syncedTo = -1;
  #blockSize = CLIENT_IDS_BLOCK;
  #hasBegun = false;

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

  /** Whether an id is on the disk and of this opening. */
  isUsable(clientOrderId: string): boolean {
    const parsed = parseClientOrderId(clientOrderId);
    return parsed !== null && parsed.epoch === this.#desk.book.ids.epoch &&
      parsed.sequence < this.#syncedTo;
  }

  synced(to: number): void {
    this.#syncedTo = Math.max(this.#syncedTo, to);
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
