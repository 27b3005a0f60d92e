import { OPEN_ID_BLOCKS_MAX } from "../../limits.ts";
import { parseClientOrderId } from "../../venue/client_order_id.ts";
import type { IdBlock, VenueState } from "./venue_state.ts";

type Reserved = Pick<VenueState, "epoch" | "nextId" | "idsTo" | "openBlocks">;

/** Which client order sequence numbers are reserved and which are used, as the journal has it. */
export class ReservedIds {
  /** Of the newest block; 0 before the first. */
  epoch: number;
  /** Next sequence number of the epoch, and the end of what is reserved. */
  nextId: number;
  idsTo: number;
  /** Numbers of earlier epochs that may have been used without a record. */
  openBlocks: readonly IdBlock[];

  constructor({ epoch, nextId, idsTo, openBlocks }: Reserved) {
    this.epoch = epoch;
    this.nextId = nextId;
    this.idsTo = idsTo;
    this.openBlocks = openBlocks;
  }

  toState(): Reserved {
    const { epoch, nextId, idsTo, openBlocks } = this;
    return { epoch, nextId, idsTo, openBlocks };
  }

  /** Numbers of a block may be used from now on. A new epoch leaves those of the last one open. */
  reserve({ epoch, from, to }: IdBlock): void {
    if (epoch !== this.epoch) {
      if (this.nextId < this.idsTo) {
        const left = { epoch: this.epoch, from: this.nextId, to: this.idsTo };
        this.openBlocks = [...this.openBlocks, left]
          .slice(-OPEN_ID_BLOCKS_MAX);
      }
      this.epoch = epoch;
      this.nextId = from;
    }
    this.idsTo = to;
  }

  /** An order has this id. */
  use(clientOrderId: string): void {
    const parsed = parseClientOrderId(clientOrderId);
    if (parsed?.epoch !== this.epoch || parsed.sequence < this.nextId) return;
    this.nextId = parsed.sequence + 1;
  }
}
