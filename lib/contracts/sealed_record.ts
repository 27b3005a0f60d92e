/**
 * What lies sealed in the store, told alike for every kind: who rotates the key
 * that seals, or tries at the start whether it opens, treats all of them the same.
 *
 * @module
 */
import type { SealedSecret } from "./exchange_key.ts";

/** Kinds of sealed records, in the order in which they are listed. */
export const SEALED_KINDS = [
  "exchange-key",
  "second-factor",
  "alert-channel",
  "secret",
] as const;
export type SealedKind = (typeof SEALED_KINDS)[number];

/** A kind in words for people, one and many of it. */
export const SEALED_KIND_WORDS: Readonly<
  Record<SealedKind, { one: string; many: string }>
> = {
  "exchange-key": { one: "exchange key", many: "exchange keys" },
  "second-factor": { one: "second factor", many: "second factors" },
  "alert-channel": { one: "alert channel", many: "alert channels" },
  secret: {
    one: "secret of the server",
    many: "secrets of the server",
  },
};

/** One sealed record as it was read. */
export interface SealedRecord {
  kind: SealedKind;
  /** Id of the key, of the person, of the channel, or name of the secret. */
  id: string;
  /** What the envelope is bound to; see `bindings`. */
  bound: readonly string[];
  /** Null for a secret that an older build has left in clear text. */
  sealed: SealedSecret | null;
  /** That clear text, else null. */
  clear: string | null;
  /** Changes with every write. */
  version: string;
}

/** What an envelope is bound to: put in another's place it opens no more. */
export const bindings = {
  exchangeKey: (
    { id, ownerId, exchange }: {
      id: string;
      ownerId: string;
      exchange: string;
    },
  ): readonly string[] => ["exchange-key", ownerId, exchange, id],
  secondFactor: (
    userId: string,
  ): readonly string[] => ["second-factor", userId],
  alertChannel: (
    { id, ownerId }: { id: string; ownerId: string },
  ): readonly string[] => ["alert-channel", ownerId, id],
  secret: (name: string): readonly string[] => ["secret", name],
} as const;

const SEALED_TEXT = "sealed:1:";

/** A sealed secret as the text that is stored in its place. */
export function toSealedText(sealed: SealedSecret): string {
  return SEALED_TEXT + JSON.stringify(sealed);
}

/** The envelope in such a text; null for clear text. */
export function fromSealedText(text: string): SealedSecret | null {
  if (!text.startsWith(SEALED_TEXT)) return null;
  return JSON.parse(text.slice(SEALED_TEXT.length)) as SealedSecret;
}
