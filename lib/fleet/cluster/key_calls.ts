/**
 * Exchange keys where there are several hosts: an exchange is asked by a process
 * that may reach it, and secrets are replaced while the host that trades with
 * them has let go of them. That a key has changed every process hears by the
 * store.
 *
 * @module
 */
import type { Timer } from "../../../actors/mod.ts";
import type {
  ProbedKey,
  StoredExchangeKey,
} from "../../contracts/exchange_key.ts";
import { AppError } from "../../core/errors.ts";
import type { FleetContext } from "../context.ts";
import { probeKey } from "../exchange_keys.ts";
import { holdReleased, withKeyReleased } from "../key_rotation.ts";
import { KEY_HELD_MAX_MS } from "./limits.ts";

/** What becomes of keys in a fleet. */
export interface KeyCalls {
  probeKey(key: StoredExchangeKey): Promise<ProbedKey>;
  withKeyReleased<Result>(
    key: StoredExchangeKey,
    replace: () => Promise<Result>,
  ): Promise<Result>;
}

/** Calls of this process, which go to another one where that has to answer. */
export function keyCalls(
  context: FleetContext,
  { reloadKeys }: { reloadKeys?: () => Promise<void> },
): KeyCalls {
  const { calls } = context;
  if (calls === null) {
    return {
      probeKey: (key) => probeKey(context, key),
      withKeyReleased: (key, replace) => withKeyReleased(context, key, replace),
    };
  }
  const held = new HeldKeys(context);
  calls.handle(
    "keys.probe",
    (args) => probeKey(context, args as StoredExchangeKey),
  );
  calls.handle(
    "keys.release",
    (args) => held.release(args as StoredExchangeKey),
  );
  calls.handle("keys.resume", async (args) => {
    await reloadKeys?.();
    held.resume(args as StoredExchangeKey);
  });
  return {
    probeKey: async (key) => {
      const hostId = hostFor(context, key);
      return hostId === null
        ? await probeKey(context, key)
        : await calls.call(hostId, {
          method: "keys.probe",
          args: key,
        }) as ProbedKey;
    },
    withKeyReleased: async (key, replace) => {
      const hostId = traderOf(context, key);
      if (hostId === null) return await withKeyReleased(context, key, replace);
      await calls.call(hostId, { method: "keys.release", args: key });
      try {
        return await replace();
      } finally {
        // One that does not hear it goes on by itself after a while.
        await calls.call(hostId, { method: "keys.resume", args: key })
          .catch(() => {});
      }
    },
  };
}

/** Keys that this host has let go of for another process. */
class HeldKeys {
  readonly #context: FleetContext;
  readonly #held = new Map<string, { go: () => void; timer: Timer }>();

  constructor(context: FleetContext) {
    this.#context = context;
  }

  /** Resolves when nothing trades with the key. @throws {AppError} `KEY_STATE_CONFLICT` */
  async release(key: StoredExchangeKey): Promise<void> {
    const { id } = key.view;
    this.resume(key);
    const go = await holdReleased(this.#context, key);
    const timer = this.#context.clock.after(
      KEY_HELD_MAX_MS,
      () => this.resume(key),
    );
    this.#held.set(id, { go, timer });
  }

  /** Accounts open with it again. */
  resume({ view: { id } }: StoredExchangeKey): void {
    const held = this.#held.get(id);
    this.#held.delete(id);
    held?.timer.cancel();
    held?.go();
  }
}

/** Another host that may reach the exchange of a key, where this process may not; null for this one. */
function hostFor(
  { cluster }: FleetContext,
  { view: { exchange } }: StoredExchangeKey,
): string | null {
  if (cluster!.isHost) return null;
  const able = cluster!.list().find(({ state, exchanges }) =>
    state === "alive" && exchanges.includes(exchange)
  );
  if (able !== undefined) return able.id;
  throw new AppError(
    "HOST_UNREACHABLE",
    `No host is up that may reach ${exchange}: start one, or name the exchange in its EXCHANGES`,
    { status: 503 },
  );
}

/** Another host whose agents trade with a key; null for none, and for this one. */
function traderOf(
  { agents, cluster }: FleetContext,
  { view: { id } }: StoredExchangeKey,
): string | null {
  for (const { record, isOwn } of agents.all()) {
    if (record.config.exchangeKeyId !== id || isOwn) continue;
    const hostId = cluster!.hostOf(record.id);
    if (hostId !== null && hostId !== cluster!.id) return hostId;
  }
  return null;
}
