/**
 * Alerts: what happens becomes messages, and messages go out.
 *
 * @module
 */
import type { ChannelHealth } from "../contracts/alerts/channel.ts";
import type {
  AlertDelivery,
  AlertDeliveryView,
} from "../contracts/alerts/delivery.ts";
import type { Caller } from "../contracts/audit.ts";
import { AppError } from "../core/errors.ts";
import type { TimeSource } from "../core/time.ts";
import type { StoredAlerts } from "../store/alert_port.ts";
import type { AlertStore, EventStore } from "../store/port.ts";
import { type BookOptions, ChannelBook } from "./channel_book.ts";
import { refusedFor, type SendOutcome } from "./delivery/outcome.ts";
import { TEST_GAP_MS } from "./limits.ts";
import type { NewsOptions } from "./news.ts";
import { newDelivery } from "./outbox.ts";
import { parcelOf } from "./parcel.ts";
import type { RunningAlerts } from "./port.ts";
import type { Postman } from "./postman.ts";
import { AlertReader, type Listener } from "./reader.ts";
import { channelNotFound, sendsNothing } from "./refusals.ts";
import { RuleBook } from "./rule_book.ts";
import { AlertSender } from "./sender.ts";
import { setupOf } from "./settings.ts";
import { AlertState } from "./state.ts";

/** What alerts work with. */
export interface AlertsOptions
  extends Pick<BookOptions, "settings" | "wrapping" | "ids"> {
  store: AlertStore;
  events: Pick<EventStore, "headSeq" | "afterIn" | "watch">;
  audit: NewsOptions["audit"];
  agent: NewsOptions["agent"];
  /** What a person may hear of; somebody who is gone is not active. */
  listener(userId: string): Promise<Listener>;
  time: TimeSource;
  /** From 0 to below 1. */
  random: () => number;
  postman: Postman;
  /** Another process over the same store reads and sends; this one shows what is stored. */
  isIdle?: boolean;
  /** A channel has begun to fail: the panel is told. */
  onFailing(channel: { name: string; ownerId: string }): void;
  onError: (what: string, error: unknown) => void;
}

/** Loads what is stored and begins to read and to send. */
export async function startAlerts(
  options: AlertsOptions,
): Promise<RunningAlerts> {
  return alertsOver(options, await options.store.load());
}

/** The same over what was read already. */
export function alertsOver(
  options: AlertsOptions,
  stored: StoredAlerts,
): RunningAlerts {
  return new Service(options, new AlertState(options.store, stored));
}

class Service implements RunningAlerts {
  readonly setup: RunningAlerts["setup"];
  readonly #options: AlertsOptions;
  readonly #state: AlertState;
  readonly #channels: ChannelBook;
  readonly #rules: RuleBook;
  /** Null where another process reads and sends: what is known of messages here is old. */
  readonly #sender: AlertSender | null = null;
  readonly #reader: AlertReader | null = null;
  readonly #testedAt = new Map<string, number>();

  constructor(options: AlertsOptions, state: AlertState) {
    const { time, random, onError, ids } = options;
    const nowMs = () => time.nowMs();
    this.#options = options;
    this.#state = state;
    this.setup = setupOf(options.settings);
    this.#channels = new ChannelBook({ ...options, state, nowMs });
    this.#rules = new RuleBook({ ...options, state, nowMs });
    if (options.isIdle === true) return;
    const sender = new AlertSender({
      state,
      time,
      random,
      attempt: (delivery) => this.#attempt(delivery),
      onFailing: (health) => this.#tellFailing(health),
      onError,
    });
    this.#sender = sender;
    this.#reader = new AlertReader({
      state,
      time,
      news: { ...options, nowMs },
      newId: () => ids("alr"),
      watch: (onHead) => options.events.watch(onHead),
      listener: options.listener,
      onPlaced: () => sender.pump(),
      onError,
    });
    void this.#reader.lookSoon();
    sender.pump();
  }

  channels: RunningAlerts["channels"] = (ownerId) =>
    this.#channels.list(ownerId);

  rules: RunningAlerts["rules"] = (ownerId) => this.#rules.list(ownerId);

  deliveries(channelId: string): readonly AlertDeliveryView[] {
    return this.#state.outbox.of(channelId).map(toView);
  }

  ownerOf(thing: "channel" | "rule", id: string): string | null {
    const { channels, rules } = this.#state;
    return (thing === "channel"
      ? channels.get(id)?.view.ownerId
      : rules.get(id)?.ownerId) ?? null;
  }

  addChannel: RunningAlerts["addChannel"] = (request, caller) =>
    this.#channels.add(request, caller);

  removeChannel: RunningAlerts["removeChannel"] = (id, caller) =>
    this.#channels.remove(id, caller);

  async test(id: string, caller: Caller): Promise<AlertDeliveryView> {
    const { time, ids } = this.#options;
    const channel = this.#state.channels.get(id);
    if (channel?.view.ownerId !== caller.userId) throw channelNotFound();
    if (this.#sender === null) {
      throw sendsNothing(this.#channels.blockedBy(channel.view));
    }
    const at = time.nowMs();
    const next = (this.#testedAt.get(id) ?? -Infinity) + TEST_GAP_MS;
    if (at < next) {
      throw new AppError(
        "RATE_LIMITED",
        `This channel was tested a moment ago; wait ${
          Math.ceil((next - at) / 1_000)
        } s`,
        { status: 429, cause: { retryAfterMs: next - at } },
      );
    }
    this.#testedAt.set(id, at);
    const item = {
      class: "server_trouble" as const,
      severity: "info" as const,
      at,
      agentId: null,
      agentName: null,
      simulated: null,
      message:
        `This is a test of the channel "${channel.view.name}", asked for by ${caller.email}; nothing has happened`,
    };
    const delivery = newDelivery([item], {
      channelId: id,
      ownerId: caller.userId,
      at,
      kind: "test",
      groupKey: "test",
      dueAt: at,
      newId: () => ids("alr"),
    });
    return toView(await this.#sender.sendTest(delivery));
  }

  addRule: RunningAlerts["addRule"] = async (request, caller) => {
    const rule = await this.#rules.add(request, caller);
    // Once somebody knows of the rule, nothing passes by any more: the cursor is there.
    await this.#reader?.lookSoon();
    return rule;
  };

  changeRule: RunningAlerts["changeRule"] = (id, request, caller) =>
    this.#rules.change(id, request, caller);

  removeRule: RunningAlerts["removeRule"] = (id, caller) =>
    this.#rules.remove(id, caller);

  quotas: RunningAlerts["quotas"] = (userId) => [
    ...this.#channels.quotas(userId),
    ...this.#rules.quotas(userId),
  ];

  figures: RunningAlerts["figures"] = () => {
    const { channels, counts, outbox } = this.#state;
    const failing = [...channels.keys()].filter((id) =>
      this.#state.health(id).failingSince !== null
    );
    return {
      ...counts,
      waiting: outbox.waiting(null),
      failingChannels: failing.length,
    };
  };

  async close(): Promise<void> {
    await this.#reader?.close();
    const sent = this.#sender?.close();
    this.#options.postman.close();
    await sent;
  }

  async #attempt(delivery: AlertDelivery): Promise<SendOutcome> {
    const { settings, postman, time, listener } = this.#options;
    const channel = this.#state.channels.get(delivery.channelId);
    if (channel === undefined) return refusedFor("The channel was removed");
    const { isActive } = await listener(channel.view.ownerId);
    if (!isActive) return refusedFor("Its owner cannot log in any more");
    const secrets = await this.#channels.secrets(channel);
    const parcel = await parcelOf(delivery, {
      secrets,
      settings,
      at: time.nowMs(),
    });
    return typeof parcel === "string"
      ? refusedFor(parcel)
      : await postman.send(parcel);
  }

  #tellFailing({ channelId }: ChannelHealth): void {
    const channel = this.#state.channels.get(channelId);
    if (channel !== undefined) this.#options.onFailing(channel.view);
  }
}

function toView(
  { ownerId: _, groupKey: __, ...view }: AlertDelivery,
): AlertDeliveryView {
  return view;
}
