import { REFERENCE_INDICATORS } from "../../agents/mod.ts";
import { causalKeys } from "./causal.ts";
import { type KeyHelp, REFERENCE_KEYS } from "./reference_settings.ts";

/** The text of `--help`. */
export function smcUsage(): string {
  return `Shows what the SMC detectors find in a file of candles, as CSV.

Usage: deno task smc --candles FILE --indicator NAME [options]

  --candles FILE      candles as CSV or CSV.gz: timestamp_ms,open,high,low,close,volume
  --indicator NAME    ${REFERENCE_INDICATORS.slice(0, 5).join(", ")},
                      ${REFERENCE_INDICATORS.slice(5).join(", ")}
  --mode MODE         reference (if left out): a row for each candle, the cells of
                      smart-money-concepts 0.0.27; some look ahead, so never trade on them.
                      causal: a row for each event of the detectors that agents trade by
  --set KEY=VALUE     changes one setting, as often as needed: --set swing_length=5
  --help              this text

Keys of the reference mode:
${referenceKeys()}

Keys of the causal mode, as in an agent's configuration:
${causalKeys().map(([key, preset]) => keyLine(key, preset, "")).join("\n")}

Exit codes: 0 done, 1 unexpected failure, 2 wrong usage or wrong candles.
`;
}

function referenceKeys(): string {
  return Object.entries<KeyHelp>(REFERENCE_KEYS)
    .map(([key, { preset, meaning }]) => keyLine(key, preset, meaning))
    .join("\n");
}

const KEY_WIDTH = 28;
const MEANING_WIDTH = 68;

function keyLine(key: string, preset: string | null, meaning: string): string {
  const value = preset === null ? "" : `=${preset}`;
  const indent = `\n${" ".repeat(KEY_WIDTH + 2)}`;
  const lines = wrap(meaning).join(indent);
  return `  ${`${key}${value}`.padEnd(KEY_WIDTH)}${lines}`.trimEnd();
}

/** Breaks a text between words. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length > 0 && longer.length <= MEANING_WIDTH) {
      lines[lines.length - 1] = longer;
    } else lines.push(word);
  }
  return lines;
}
