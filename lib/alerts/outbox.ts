/**
 * Messages by channel, in memory: what waits, what has ended. It decides what
 * a new alert joins and what has to go; storing and sending are others' work.
 *
 * @module
 */
import { worseSeverity } from "../contracts/alerts/classes.ts";
import {
  type AlertDelivery,
  type AlertEvent,
  type AlertItem,
  type DeliveryKind,
  ITEMS_PER_DELIVERY,
} from "../contracts/alerts/delivery.ts";
import type { EpochMs } from "../contracts/primitives.ts";
import {
  CHANNEL_GAP_MS,
  COLLECT_MS,
  ENDED_PER_CHANNEL_MAX,
  GROUP_WINDOW_CRITICAL_MS,
  GROUP_WINDOW_MS,
  WAITING_PER_CHANNEL_MAX,
} from "./limits.ts";

/** What one alert changed. */
export interface Placed {
  saved: AlertDelivery;
  /** Messages that had to go for it. */
  removed: readonly AlertDelivery[];
  /** Alerts in those of them that had not gone out. */
  dropped: number;
}

/** Where an alert is to go. */
export interface Placement {
  channelId: string;
  ownerId: string;
  at: EpochMs;
  /** End of the quiet hours that hold it back; null to send it now. */
  quietUntil: EpochMs | null;
  newId: () => string;
}

/** The messages of all channels. */
export class Outbox {
  readonly #byChannel = new Map<string, Map<string, AlertDelivery>>();
  /** Under way right now: nothing joins them. */
  readonly #underWay = new Set<string>();
  readonly #lastSentAt = new Map<string, EpochMs>();

  constructor(deliveries: readonly AlertDelivery[]) {
    for (const delivery of deliveries) this.put(delivery);
  }

  /** Messages of a channel, newest first. */
  of(channelId: string): readonly AlertDelivery[] {
    return [...this.#byChannel.get(channelId)?.values() ?? []].toReversed();
  }

  /** How many messages of a channel wait; of all channels where it is null. */
  waiting(channelId: string | null): number {
    const channels = channelId === null
      ? [...this.#byChannel.keys()]
      : [channelId];
    return channels.reduce(
      (sum, id) => sum + this.of(id).filter(isWaiting).length,
      0,
    );
  }

  put(delivery: AlertDelivery): void {
    const { id, channelId } = delivery;
    let ofChannel = this.#byChannel.get(channelId);
    if (ofChannel === undefined) {
      this.#byChannel.set(channelId, ofChannel = new Map());
    }
    ofChannel.set(id, delivery);
  }

  /** Puts a channel back to what {@link of} said. */
  restore(channelId: string, deliveries: readonly AlertDelivery[]): void {
    this.#byChannel.delete(channelId);
    for (const delivery of deliveries.toReversed()) this.put(delivery);
  }

  /** Forgets a channel. */
  removeChannel(channelId: string): void {
    this.#byChannel.delete(channelId);
    this.#lastSentAt.delete(channelId);
  }

  /** Puts an alert into a message that has not gone out yet, or into a new one. */
  place(event: AlertEvent, placement: Placement): Placed {
    const { channelId, quietUntil } = placement;
    const groupKey = quietUntil === null ? event.groupKey : QUIET_GROUP;
    const open = this.of(channelId).find((delivery) =>
      delivery.groupKey === groupKey && this.#isOpen(delivery)
    );
    if (open === undefined) return this.#placeNew(event, groupKey, placement);
    const saved = joined(open, event);
    // Of two ends of quiet hours the later one: it is quiet until then.
    const nextAttemptAt = quietUntil === null
      ? sooner(open.nextAttemptAt!, this.#dueAt(event, groupKey, placement))
      : Math.max(open.nextAttemptAt!, quietUntil);
    const merged = { ...saved, nextAttemptAt };
    this.put(merged);
    return { saved: merged, removed: [], dropped: 0 };
  }

  /** Messages of a channel that have ended and are too many. They are forgotten. */
  takeOldEnded(channelId: string): readonly AlertDelivery[] {
    const ended = this.of(channelId).filter((delivery) => !isWaiting(delivery));
    const old = ended.slice(ENDED_PER_CHANNEL_MAX);
    for (const { id } of old) this.#byChannel.get(channelId)?.delete(id);
    return old;
  }

  /** What may go out now, at most one of a channel, the most urgent first. */
  due(at: EpochMs): readonly AlertDelivery[] {
    return [...this.#byChannel.keys()].flatMap((channelId) => {
      const next = this.#nextOf(channelId);
      return next === null || next.at > at ? [] : [next.delivery];
    }).sort((a, b) => a.nextAttemptAt! - b.nextAttemptAt!);
  }

  /** When the next message is due; null while none waits that is not under way. */
  nextDueAt(): EpochMs | null {
    const times = [...this.#byChannel.keys()].flatMap((channelId) =>
      this.#nextOf(channelId)?.at ?? []
    );
    return times.length === 0 ? null : Math.min(...times);
  }

  /** A message goes out now. */
  begin({ id, channelId }: AlertDelivery, at: EpochMs): void {
    this.#underWay.add(id);
    this.#lastSentAt.set(channelId, at);
  }

  /** It is back. */
  end({ id }: AlertDelivery): void {
    this.#underWay.delete(id);
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  #nextOf(
    channelId: string,
  ): { delivery: AlertDelivery; at: EpochMs } | null {
    const all = this.of(channelId).filter(isWaiting);
    // One after the other, so that a slow receiver is not flooded.
    if (all.some(({ id }) => this.#underWay.has(id))) return null;
    const first = all.reduce<AlertDelivery | null>(
      (best, delivery) =>
        best === null || delivery.nextAttemptAt! <= best.nextAttemptAt!
          ? delivery
          : best,
      null,
    );
    if (first === null) return null;
    const gapEnds = (this.#lastSentAt.get(channelId) ?? -Infinity) +
      CHANNEL_GAP_MS;
    return { delivery: first, at: Math.max(first.nextAttemptAt!, gapEnds) };
  }

  #isOpen(delivery: AlertDelivery): boolean {
    return isWaiting(delivery) && delivery.attempts === 0 &&
      !this.#underWay.has(delivery.id);
  }

  #placeNew(
    event: AlertEvent,
    groupKey: string,
    placement: Placement,
  ): Placed {
    const { quietUntil } = placement;
    const saved = newDelivery([toItem(event)], {
      ...placement,
      kind: quietUntil === null ? "alert" : "digest",
      groupKey,
      dueAt: quietUntil ?? this.#dueAt(event, groupKey, placement),
    });
    this.put(saved);
    const removed = this.#makeRoom(saved);
    const dropped = removed.reduce((sum, { count }) => sum + count, 0);
    return { saved, removed, dropped };
  }

  /** At once, but for what comes again and again. */
  #dueAt(
    { severity }: AlertEvent,
    groupKey: string,
    { at, channelId }: Pick<Placement, "at" | "channelId">,
  ): EpochMs {
    const before = this.of(channelId).find((delivery) =>
      delivery.groupKey === groupKey && !this.#isOpen(delivery)
    );
    const window = severity === "critical"
      ? GROUP_WINDOW_CRITICAL_MS
      : GROUP_WINDOW_MS;
    const earliest = before === undefined ? 0 : before.createdAt + window;
    return Math.max(at + COLLECT_MS, earliest);
  }

  /** The oldest of what waits goes, mild ones first; never the newest, and nothing that is under way. */
  #makeRoom(newest: AlertDelivery): readonly AlertDelivery[] {
    const waiting = this.of(newest.channelId).filter(isWaiting).toReversed();
    if (waiting.length <= WAITING_PER_CHANNEL_MAX) return [];
    const mayGo = waiting.filter(({ id }) =>
      id !== newest.id && !this.#underWay.has(id)
    );
    const mild = mayGo.find(({ severity }) => severity !== "critical");
    const victim = mild ?? mayGo[0];
    if (victim === undefined) return [];
    this.#byChannel.get(newest.channelId)!.delete(victim.id);
    return [victim];
  }
}

/** What all that quiet hours hold back has in common. */
const QUIET_GROUP = "quiet hours";

/** A new message that waits. */
export function newDelivery(
  items: readonly AlertItem[],
  { channelId, ownerId, at, kind, groupKey, dueAt, newId }:
    & Pick<Placement, "channelId" | "ownerId" | "at" | "newId">
    & { kind: DeliveryKind; groupKey: string; dueAt: EpochMs },
): AlertDelivery {
  return {
    id: newId(),
    channelId,
    ownerId,
    kind,
    groupKey,
    state: "waiting",
    severity: items.map(({ severity }) => severity).reduce(worseSeverity),
    count: items.length,
    items,
    createdAt: at,
    attempts: 0,
    lastAttemptAt: null,
    lastError: null,
    nextAttemptAt: dueAt,
    endedAt: null,
  };
}

function joined(open: AlertDelivery, event: AlertEvent): AlertDelivery {
  const isFull = open.items.length >= ITEMS_PER_DELIVERY;
  return {
    ...open,
    count: open.count + 1,
    severity: worseSeverity(open.severity, event.severity),
    items: isFull ? open.items : [...open.items, toItem(event)],
  };
}

function toItem({ ownerId: _, groupKey: __, ...item }: AlertEvent): AlertItem {
  return item;
}

function isWaiting({ state }: AlertDelivery): boolean {
  return state === "waiting";
}

function sooner(left: EpochMs, right: EpochMs): EpochMs {
  return Math.min(left, right);
}
