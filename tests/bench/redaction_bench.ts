/**
 * Time that the net against secrets costs one line that is written: usual lines
 * of the log, which hold nothing, and one that does. Run alone it prints one
 * line of JSON a figure.
 *
 * @module
 */
import { redactLine } from "../../lib/core/redact.ts";
import { printTimes } from "./print_times.ts";

const LINES = [
  "Opened 0.5 BTC/USDT at 64123.5, stop 63800, target 65000: bearish gap mitigated, risk 1.0 %",
  "No signal on candle 12345: structure is bullish, no order block within 1.5 ATR",
  'The key "main" cannot be used for live trading: the exchange does not answer',
  "Agent agt_01JABCDEFGHJKMNPQRSTVWXYZ0 stopped",
];
const SECRET = 'The exchange answered {"code":-1022} to signature=9f8e7d6c5b4a';
const RUNS = 200;
const LINES_PER_RUN = 1_000;

/** Times of a thousand lines each, in ms. */
function measure(lines: readonly string[]): number[] {
  return Array.from({ length: RUNS }, () => {
    const startMs = performance.now();
    for (let n = 0; n < LINES_PER_RUN; n++) {
      redactLine(lines[n % lines.length]!);
    }
    return performance.now() - startMs;
  });
}

if (import.meta.main) {
  printTimes("redaction.thousand_lines", measure(LINES), 3);
  printTimes("redaction.thousand_secrets", measure([SECRET]), 3);
}
