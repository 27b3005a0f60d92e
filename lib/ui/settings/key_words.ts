import type { KeyRightsView, KeyStatus } from "../../contracts/exchange_key.ts";
import type { GlyphName, Tone } from "../words.ts";

/** What an exchange said of a key. */
export const KEY_STATUS_WORDS: Readonly<
  Record<KeyStatus, { word: string; glyph: GlyphName; tone: Tone }>
> = {
  verified: { word: "Verified", glyph: "check", tone: "ok" },
  unbound: { word: "Not address-bound", glyph: "warn", tone: "warn" },
  refused: { word: "Refused", glyph: "cross", tone: "danger" },
  unverified: { word: "Not verified", glyph: "warn", tone: "warn" },
};

/** Rights in the order of a key's card; `isWanted` is what live trading needs of each. */
export const KEY_RIGHTS: readonly {
  right: keyof KeyRightsView;
  label: string;
  isWanted: boolean;
}[] = [
  { right: "canRead", label: "Read", isWanted: true },
  { right: "canTrade", label: "Trade", isWanted: true },
  { right: "canWithdraw", label: "Withdraw", isWanted: false },
  { right: "canTransfer", label: "Transfer", isWanted: false },
  { right: "isAddressBound", label: "Address-bound", isWanted: true },
];

/** A right in words, with its glyph; what the exchange does not tell is told as that. */
export function rightWord(
  rights: KeyRightsView | null,
  { right, isWanted }: (typeof KEY_RIGHTS)[number],
): { word: string; glyph: GlyphName; tone: Tone } {
  const value = rights?.[right] ?? null;
  if (value === null) return { word: "not told", glyph: "ring", tone: "muted" };
  const word = value ? "yes" : "no";
  if (value === isWanted) return { word, glyph: "check", tone: "ok" };
  // A key that works from every address is a risk, not a refusal.
  return right === "isAddressBound"
    ? { word, glyph: "warn", tone: "warn" }
    : { word, glyph: "cross", tone: "danger" };
}
