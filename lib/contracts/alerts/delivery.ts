/**
 * Messages on their way out, and what became of them.
 *
 * @module
 */
import type { EpochMs } from "../primitives.ts";
import type { AlertClass, AlertSeverity } from "./classes.ts";

/** One thing that happened and that somebody wants to hear of. */
export interface AlertItem {
  class: AlertClass;
  severity: AlertSeverity;
  at: EpochMs;
  agentId: string | null;
  agentName: string | null;
  /** True where no money is at stake: the agent trades on paper; null where no agent is concerned, or nobody knows any more. */
  simulated: boolean | null;
  /** One sentence; nothing secret is in it. */
  message: string;
}

/** What happened, with whom it concerns. */
export interface AlertEvent extends AlertItem {
  /** Whose it is: of an agent, an account or a backtest; null where it concerns everybody, undefined where nobody knows any more. */
  ownerId: string | null | undefined;
  /** What its repetitions have in common. */
  groupKey: string;
}

export const DELIVERY_STATES = ["waiting", "delivered", "failed"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** `alert`: as it happens; `digest`: what quiet hours gathered; `test`: a person asked for it. */
export const DELIVERY_KINDS = ["alert", "digest", "test"] as const;
export type DeliveryKind = (typeof DELIVERY_KINDS)[number];

/** One message to one channel as people see it. */
export interface AlertDeliveryView {
  /** Stays the same over all attempts: receivers tell repetitions by it. */
  id: string;
  channelId: string;
  kind: DeliveryKind;
  state: DeliveryState;
  /** Of the worst alert in it. */
  severity: AlertSeverity;
  /** Alerts that it tells of. */
  count: number;
  /** The first alerts, at most {@link ITEMS_PER_DELIVERY}; of further ones only the number is told. */
  items: readonly AlertItem[];
  createdAt: EpochMs;
  attempts: number;
  lastAttemptAt: EpochMs | null;
  lastError: string | null;
  /** When it is tried next; null once it has ended. */
  nextAttemptAt: EpochMs | null;
  endedAt: EpochMs | null;
}

/** Alerts that one message names one by one. */
export const ITEMS_PER_DELIVERY = 20;

/** A delivery as it is stored. */
export interface AlertDelivery extends AlertDeliveryView {
  ownerId: string;
  groupKey: string;
}

/** Where reading stands: the last event, and the last entry of each stream of the audit trail. */
export interface AlertCursor {
  seq: number;
  commands: number;
  access: number;
}

/** How alerts are set up on this server. */
export interface AlertSetup {
  /** Hosts that webhooks may lead to, as the operator listed them. */
  hosts: readonly string[];
  /** Whether messages can go to Telegram. */
  hasTelegram: boolean;
  /** Sender of e-mails; null where none are sent. */
  mailFrom: string | null;
}
