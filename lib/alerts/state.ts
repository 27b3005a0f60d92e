/**
 * Channels, rules and the outbox in memory, as they are in the store. Whoever
 * changes or takes anything of it does so in turn: what has been read to be
 * changed is not changed by somebody else meanwhile.
 *
 * @module
 */
import type {
  ChannelHealth,
  StoredAlertChannel,
} from "../contracts/alerts/channel.ts";
import type {
  AlertCursor,
  AlertDelivery,
} from "../contracts/alerts/delivery.ts";
import type { AlertRule } from "../contracts/alerts/rule.ts";
import type { AlertStore, StoredAlerts } from "../store/alert_port.ts";
import { newHealth } from "./channel_health.ts";
import { Outbox } from "./outbox.ts";

/** What alerts know. */
export class AlertState {
  readonly store: AlertStore;
  readonly channels = new Map<string, StoredAlertChannel>();
  readonly rules = new Map<string, AlertRule>();
  readonly outbox: Outbox;
  cursor: AlertCursor | null;
  /** Since the start of this process. */
  readonly counts = { delivered: 0, failed: 0, dropped: 0 };
  readonly #healths = new Map<string, ChannelHealth>();
  #turn: Promise<unknown> = Promise.resolve();
  /** In memory and not in the store, which did not take it. */
  readonly #unsaved = {
    deliveries: new Map<string, AlertDelivery>(),
    removed: new Set<string>(),
    healthsOf: new Set<string>(),
  };

  constructor(store: AlertStore, stored: StoredAlerts) {
    this.store = store;
    for (const channel of stored.channels) {
      this.channels.set(channel.view.id, channel);
    }
    for (const rule of stored.rules) this.rules.set(rule.id, rule);
    for (const health of stored.healths) {
      this.#healths.set(health.channelId, health);
    }
    // Messages of a channel that was forgotten by another tool have nowhere to go.
    const known = stored.deliveries.filter(({ channelId }) =>
      this.channels.has(channelId)
    );
    this.outbox = new Outbox(known);
    this.cursor = stored.cursor;
  }

  /** One after the other. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  health(channelId: string): ChannelHealth {
    return this.#healths.get(channelId) ?? newHealth(channelId);
  }

  setHealth(health: ChannelHealth): void {
    this.#healths.set(health.channelId, health);
  }

  forgetChannel(id: string): void {
    this.channels.delete(id);
    this.#healths.delete(id);
    for (const delivery of this.outbox.of(id)) {
      this.#unsaved.deliveries.delete(delivery.id);
    }
    this.#unsaved.healthsOf.delete(id);
    this.outbox.removeChannel(id);
  }

  /**
   * Stores a change of memory; with it what an earlier failure has left.
   *
   * @throws {AppError} STORE_UNAVAILABLE; then the caller takes its change back.
   */
  async commit(change: StateChange): Promise<void> {
    const { deliveries = [], removed = [], healthsOf = [], cursor } = change;
    const all = this.#unsaved;
    const gone = new Set([...all.removed, ...removed]);
    const saved = new Map(
      [...all.deliveries.values(), ...deliveries]
        .map((delivery) => [delivery.id, delivery] as const)
        .filter(([id]) => !gone.has(id)),
    );
    await this.store.commit({
      deliveries: [...saved.values()],
      removed: [...gone],
      healths: [...new Set([...all.healthsOf, ...healthsOf])].map((id) =>
        this.health(id)
      ),
      ...(cursor === undefined ? {} : { cursor }),
    });
    all.deliveries.clear();
    all.removed.clear();
    all.healthsOf.clear();
    if (cursor !== undefined) this.cursor = cursor;
  }

  /**
   * Stores what has happened and cannot be taken back, such as a message that
   * went out. What the store does not take goes with the next commit.
   *
   * @throws {AppError} STORE_UNAVAILABLE, for the caller to tell.
   */
  async keep({ deliveries, removed, healthsOf }: KeptChange): Promise<void> {
    for (const delivery of deliveries) {
      this.#unsaved.deliveries.set(delivery.id, delivery);
    }
    for (const id of removed) this.#unsaved.removed.add(id);
    for (const id of healthsOf) this.#unsaved.healthsOf.add(id);
    await this.commit({});
  }
}

/** What changes in the store; `healthsOf` are ids of channels. */
export interface StateChange extends Partial<KeptChange> {
  /** Null removes it. */
  cursor?: AlertCursor | null;
}

interface KeptChange {
  deliveries: readonly AlertDelivery[];
  removed: readonly string[];
  healthsOf: readonly string[];
}
