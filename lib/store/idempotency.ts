import { AppError } from "../core/errors.ts";
import type { TimeSource } from "../core/time.ts";
import { checkedSize } from "./kv/codec.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { IDEMPOTENCY_MS } from "./limits.ts";
import type { IdempotencyStore, KnownRequest, StoredResponse } from "./port.ts";

/** What is known of a request with an Idempotency-Key. */
export interface StoredRequest {
  v: 2;
  at: number;
  requestHash: string;
  response: StoredResponse | null;
  /** The start of the server that reserved the key; empty where it is not known. */
  bootId: string;
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
      const now = this.#time.nowMs();
      if (known.value !== null && !isExpired(known.value, now)) {
        return this.#toKnown(known.value);
      }
      const value: StoredRequest = {
        v: 2,
        at: now,
        requestHash,
        response: null,
        bootId: this.#bootId,
      };
      const { versionstamp } = known;
      // deno-lint-ignore no-await-in-loop -- a lost race is decided by reading again
      const reserved = await this.#kv.commit({
        checks: [{ key: keys.idempotency(key), versionstamp }],
        sets: [{ key: keys.idempotency(key), value }],
      });
      if (reserved.ok) return null;
    }
  }

  async finish(key: string, response: StoredResponse): Promise<void> {
    const stored = await this.#kv.get<StoredRequest>(keys.idempotency(key));
    if (stored.value === null) {
      throw new AppError(
        "STORE_CONFLICT",
        `No reservation of Idempotency-Key "${key}" is stored; begin it before it is finished`,
      );
    }
    const value: StoredRequest = { ...stored.value, response };
    checkedSize(value, `The response to Idempotency-Key "${key}"`);
    await this.#kv.commit({ sets: [{ key: keys.idempotency(key), value }] });
  }

  async abandon(key: string): Promise<void> {
    const stored = await this.#kv.get<StoredRequest>(keys.idempotency(key));
    if (stored.value === null || stored.value.response !== null) return;
    const { versionstamp } = stored;
    await this.#kv.commit({
      checks: [{ key: keys.idempotency(key), versionstamp }],
      deletes: [keys.idempotency(key)],
    });
  }

  #toKnown({ requestHash, response, bootId }: StoredRequest): KnownRequest {
    const isAbandoned = response === null && bootId !== this.#bootId;
    return { requestHash, response, isAbandoned };
  }
}

/** Tells whether a stored request no longer counts. */
export function isExpired(request: StoredRequest, nowMs: number): boolean {
  return nowMs - request.at >= IDEMPOTENCY_MS;
}
