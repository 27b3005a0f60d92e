/**
 * Channels that alerts go out by: a webhook, a chat of Telegram, an e-mail
 * address.
 *
 * @module
 */
import * as z from "zod";
import type { SealedSecret } from "../exchange_key.ts";
import type { EpochMs } from "../primitives.ts";

export const CHANNEL_KINDS = ["webhook", "telegram", "email"] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** A kind in words. */
export const CHANNEL_KIND_WORDS: Readonly<Record<ChannelKind, string>> = {
  webhook: "Webhook",
  telegram: "Telegram",
  email: "E-mail",
};

const nameSchema = z.string().trim().regex(
  /^[A-Za-z0-9][A-Za-z0-9 ._-]{1,39}$/,
  "Enter 2 to 40 letters, digits, spaces, dots, dashes or underscores, starting with a letter or digit",
);

/** `POST /api/alerts/channels`: what is secret in it is sealed and never read again. */
export const channelRequestSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("webhook"),
    name: nameSchema,
    url: z.string().trim().max(
      2_000,
      "The address is longer than 2,000 characters",
    )
      .regex(/^https?:\/\/\S+$/, "Enter an address that begins with https://"),
  }),
  z.strictObject({
    kind: z.literal("telegram"),
    name: nameSchema,
    /** As BotFather gives it. */
    token: z.string().trim().regex(
      /^\d{3,20}:[A-Za-z0-9_-]{20,100}$/,
      "Paste the token that BotFather gave, such as 123456:ABC-DEF…",
    ),
    chatId: z.string().trim().regex(
      /^(-?\d{1,20}|@[A-Za-z0-9_]{4,40})$/,
      "Enter the number of the chat, or @name of a channel",
    ),
  }),
  z.strictObject({
    kind: z.literal("email"),
    name: nameSchema,
    to: z.email("Enter one e-mail address").max(200),
  }),
]);
export type ChannelRequest = z.infer<typeof channelRequestSchema>;

/** What is sealed of a channel. */
export type ChannelSecrets =
  | { kind: "webhook"; url: string; signingSecret: string }
  | { kind: "telegram"; token: string; chatId: string }
  | { kind: "email"; to: string };

/** A channel as people see it: nothing secret. */
export interface AlertChannel {
  id: string;
  ownerId: string;
  name: string;
  kind: ChannelKind;
  /** Where it leads, as far as that is no secret: the host of a webhook, the chat, the address. */
  target: string;
  createdAt: EpochMs;
}

/** A channel as it is stored. */
export interface StoredAlertChannel {
  view: AlertChannel;
  sealed: SealedSecret;
}

/** How a channel does. */
export interface ChannelHealth {
  channelId: string;
  /** Attempts that failed since the last one that arrived. */
  failuresInRow: number;
  /** Since when it counts as failing; null while it does not. */
  failingSince: EpochMs | null;
  lastError: string | null;
  lastDeliveredAt: EpochMs | null;
  /** Messages of its whole life. */
  delivered: number;
  failed: number;
  /** Alerts that were given up because too many waited. */
  dropped: number;
  lastDroppedAt: EpochMs | null;
}

/** A channel with how it does. */
export interface AlertChannelView extends AlertChannel {
  health: Omit<ChannelHealth, "channelId">;
  /** Messages that wait to go out. */
  waiting: number;
  /** Why nothing can go out by it now, in one sentence; null where it can. */
  blockedBy: string | null;
}

/** Answer to a new channel. */
export interface AlertChannelCreated {
  channel: AlertChannelView;
  /** What messages of a webhook are signed with, shown this once; null for other kinds. */
  signingSecret: string | null;
}
