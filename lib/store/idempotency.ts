import { AppError } from "../core/errors.ts";
import type { TimeSource } from "../core/time.ts";
import { checkedSize } from "./kv/size.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { IDEMPOTENCY_MS, MAX_VACANT_RESERVATIONS } from "./limits.ts";
import type { IdempotencyStore, KnownRequest, StoredResponse } from "./port.ts";

/** What is known of a request with an Idempotency-Key. */
export interface StoredRequest {
  v: 2;
  at: number;
  requestHash: string;
  response: StoredResponse | null;
  /** The start of the server that reserved the key; empty where it is not known. */
  bootId: string;
  /** Running number of the reservation within that start; 0 where it is not known. */
  reservation: number;
}

/**
 * First answers to requests. A reservation that a crash left without an answer
 * stays for its 24 hours: whether its request had an effect is unknown, and to
 * run it again could do it twice. It is known by the id of the server start
 * that made it: what an earlier start reserved is no longer under way.
 */
export class KvIdempotencyStore implements IdempotencyStore {
  readonly #kv: GuardedKv;
  readonly #time: TimeSource;
  readonly #bootId: string;
  #reservations = 0;
  /** The reservations whose request is under way, by key. */
  readonly #held = new Map<string, StoredRequest>();
  /**
   * Reservations that may lie in the store although their request has had no
   * effect: the store failed while they were made or freed. Their keys may be
   * reserved again, which a client that repeats its request is waiting for.
   */
  readonly #vacant = new Set<number>();
  /** Reservations whose request nobody waits for any more, and may have been done. */
  readonly #doubted = new Set<number>();

  constructor(options: { kv: GuardedKv; time: TimeSource; bootId: string }) {
    this.#kv = options.kv;
    this.#time = options.time;
    this.#bootId = options.bootId;
  }

  async begin(
    key: string,
    requestHash: string,
  ): Promise<null | KnownRequest> {
    for (;;) {
      // deno-lint-ignore no-await-in-loop -- a lost race is decided by reading again
      const known = await this.#kv.get<StoredRequest>(keys.idempotency(key));
      const at = this.#time.nowMs();
      if (
        known.value !== null && !isExpired(known.value, at) &&
        !this.#isVacant(known.value)
      ) {
        return this.#toKnown(known.value);
      }
      const value: StoredRequest = {
        v: 2,
        at,
        requestHash,
        response: null,
        bootId: this.#bootId,
        reservation: ++this.#reservations,
      };
      const { versionstamp } = known;
      // deno-lint-ignore no-await-in-loop -- a lost race is decided by reading again
      const reserved = await this.#orVacant(
        value.reservation,
        () =>
          this.#kv.commit({
            checks: [{ key: keys.idempotency(key), versionstamp }],
            sets: [{ key: keys.idempotency(key), value }],
          }),
      );
      if (!reserved.ok) continue;
      this.#held.set(key, value);
      return null;
    }
  }

  async finish(key: string, response: StoredResponse): Promise<void> {
    const held = this.#held.get(key) ?? null;
    this.#held.delete(key);
    if (held === null) {
      throw new AppError(
        "STORE_CONFLICT",
        `No request with the Idempotency-Key "${key}" is under way; begin it before it is finished`,
      );
    }
    const value: StoredRequest = { ...held, response };
    checkedSize(value, `The response to Idempotency-Key "${key}"`);
    await this.#kv.commit({ sets: [{ key: keys.idempotency(key), value }] });
  }

  doubt(key: string): void {
    const held = this.#held.get(key);
    this.#held.delete(key);
    if (held === undefined) return;
    // Beyond the limit the oldest are told as under way until the next start.
    if (this.#doubted.size >= MAX_VACANT_RESERVATIONS) {
      const [oldest] = this.#doubted;
      this.#doubted.delete(oldest!);
    }
    this.#doubted.add(held.reservation);
  }

  async abandon(key: string): Promise<void> {
    const reservation = this.#held.get(key)?.reservation ?? null;
    this.#held.delete(key);
    await this.#orVacant(reservation, async () => {
      const stored = await this.#kv.get<StoredRequest>(keys.idempotency(key));
      if (stored.value === null || stored.value.response !== null) return;
      const { versionstamp } = stored;
      await this.#kv.commit({
        checks: [{ key: keys.idempotency(key), versionstamp }],
        deletes: [keys.idempotency(key)],
      });
    });
  }

  /** Runs; if it fails, what may be left of the reservation holds no request. */
  async #orVacant<T>(
    reservation: number | null,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (reservation !== null && this.#vacant.size < MAX_VACANT_RESERVATIONS) {
        this.#vacant.add(reservation);
      }
      throw error;
    }
  }

  #isVacant({ response, bootId, reservation }: StoredRequest): boolean {
    return response === null && bootId === this.#bootId &&
      this.#vacant.has(reservation);
  }

  #toKnown(
    { requestHash, response, bootId, reservation }: StoredRequest,
  ): KnownRequest {
    const isUnderWay = bootId === this.#bootId &&
      !this.#doubted.has(reservation);
    const isAbandoned = response === null && !isUnderWay;
    return { requestHash, response, isAbandoned };
  }
}

/** Tells whether a stored request no longer counts. */
export function isExpired(request: StoredRequest, nowMs: number): boolean {
  return nowMs - request.at >= IDEMPOTENCY_MS;
}
