import type { ChannelHealth } from "../contracts/alerts/channel.ts";
import type {
  AlertCursor,
  AlertDelivery,
} from "../contracts/alerts/delivery.ts";
import { COMMIT_BYTES, COMMIT_ENTRIES } from "./limits.ts";
import type { AlertState } from "./state.ts";

/**
 * Messages that one commit stores together with the cursor. If the store does
 * not take it, memory is put back: the same events are read again, and must not
 * count twice.
 */
export class Batch {
  readonly #state: AlertState;
  readonly #before = new Map<
    string,
    { deliveries: readonly AlertDelivery[]; health: ChannelHealth }
  >();
  readonly #saved = new Map<string, AlertDelivery>();
  readonly #removed = new Set<string>();
  readonly #healthsOf = new Set<string>();
  #bytes = 0;

  constructor(state: AlertState) {
    this.#state = state;
  }

  get count(): number {
    return this.#saved.size + this.#removed.size;
  }

  get isFull(): boolean {
    return this.count >= COMMIT_ENTRIES || this.#bytes >= COMMIT_BYTES;
  }

  /** Before anything of a channel is changed. */
  touch(channelId: string): void {
    if (this.#before.has(channelId)) return;
    this.#before.set(channelId, {
      deliveries: this.#state.outbox.of(channelId),
      health: this.#state.health(channelId),
    });
  }

  save(delivery: AlertDelivery): void {
    const known = this.#saved.get(delivery.id);
    this.#bytes += sizeOf(delivery) - (known === undefined ? 0 : sizeOf(known));
    this.#saved.set(delivery.id, delivery);
  }

  remove(id: string): void {
    this.#saved.delete(id);
    this.#removed.add(id);
  }

  healthChanged(channelId: string): void {
    this.#healthsOf.add(channelId);
  }

  /** @throws {AppError} STORE_UNAVAILABLE */
  async commit(cursor: AlertCursor): Promise<void> {
    try {
      await this.#state.commit({
        deliveries: [...this.#saved.values()],
        removed: [...this.#removed],
        healthsOf: [...this.#healthsOf],
        cursor,
      });
    } catch (error) {
      for (const [channelId, { deliveries, health }] of this.#before) {
        this.#state.outbox.restore(channelId, deliveries);
        this.#state.setHealth(health);
      }
      throw error;
    }
  }
}

function sizeOf(delivery: AlertDelivery): number {
  return JSON.stringify(delivery).length;
}
