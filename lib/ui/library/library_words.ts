import type {
  BundlePreview,
  CheckOutcome,
  Evidence,
} from "../../contracts/bundle.ts";
import { formatCount, formatUtcDay } from "../format.ts";
import type { Tone } from "../words.ts";

/** A fingerprint in groups that can be read out: `1a2b 3c4d …`. */
export function fingerprintText(fingerprint: string): string {
  return fingerprint.match(/.{1,4}/g)?.join(" ") ?? fingerprint;
}

/** A setting as people name it: `risk.leverage` of `/risk/leverage`. */
export function settingText(pointer: string): string {
  return pointer.slice(1).replaceAll("/", ".");
}

/** A value of a setting; null is none. */
export function settingValue(value: unknown): string {
  if (value === null || value === undefined) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What is said of who signed, and how it looks. */
export const STANDING_WORDS: Readonly<
  Record<BundlePreview["standing"], { tone: Tone; text: string }>
> = {
  own: { tone: "ok", text: "You signed this yourself." },
  known: {
    tone: "ok",
    text: "You have taken something from this author before.",
  },
  new: {
    tone: "warn",
    text:
      "You have met nobody with this key. Compare the fingerprint with what the author tells you on another way before you trust the name.",
  },
  name_taken: {
    tone: "danger",
    text:
      "You know an author of this name with another key. It may be somebody else: ask them on another way.",
  },
};

/** What running a backtest again has shown, and how it looks. */
export const OUTCOME_WORDS: Readonly<
  Record<CheckOutcome, { tone: Tone; word: string; text: string }>
> = {
  not_run: {
    tone: "muted",
    word: "Not verified",
    text: "Nobody has run it here.",
  },
  running: { tone: "info", word: "Running", text: "It waits or runs." },
  equal: {
    tone: "ok",
    word: "Equal",
    text: "The same candles gave the same trades here.",
  },
  different: {
    tone: "danger",
    word: "Different",
    text: "The same candles gave other trades here: the figures do not hold.",
  },
  other_candles: {
    tone: "warn",
    word: "Other candles",
    text:
      "The candles of that name here are other ones, so nothing can be said of the figures.",
  },
  failed: { tone: "warn", word: "Failed", text: "The run has no result." },
};

/** What a backtest was run over, in one line. */
export function dataText(evidence: Evidence): string {
  const { symbol, timeframe, candles, firstAt, lastAt, data } = evidence;
  const range = firstAt === null || lastAt === null
    ? ""
    : `, ${formatUtcDay(firstAt)} to ${formatUtcDay(lastAt)}`;
  const source = data.kind === "file"
    ? data.file
    : `simulated market, seed ${data.seed}`;
  return `${symbol} ${timeframe}, ${
    formatCount(candles)
  } candles${range}, ${source}`;
}
