import { describeStep } from "../exchange/resample.ts";
import type { CandleReport } from "../exchange/history/candle_report.ts";
import { JUMP_PCT_MIN } from "../exchange/history/limits.ts";

/** What is told about a file besides its candles. */
export interface FileFacts {
  file: string;
  symbol: string | null;
  source: string | null;
}

/** A gap report for a person. */
export function reportText(facts: FileFacts, report: CandleReport): string {
  const { file, symbol, source } = facts;
  const step = report.stepMs === null ? "—" : describeStep(report.stepMs);
  const rows: [string, string][] = [
    ["File", file],
    ["Market", `${symbol ?? "—"} ${step}`],
    ["Source", source ?? "—"],
    ["Candles", grouped(report.rows)],
    ["From", minute(report.firstAt)],
    ["To", minute(report.lastAt)],
    ["Gaps", gapsLine(report)],
    ...report.longestGaps.map(({ afterAt, nextAt, missing }): [
      string,
      string,
    ] => [
      "",
      `${minute(afterAt)} to ${minute(nextAt)}: ${grouped(missing)} missing`,
    ]),
    ["Volume 0", candles(report.zeroVolume)],
  ];
  if (report.tooClose > 0) {
    rows.push([
      "Too close",
      `${candles(report.tooClose)} open less than ${step} after the one before`,
    ]);
  }
  if (report.offGrid > 0) {
    rows.push([
      "Off the grid",
      `${candles(report.offGrid)} do not open at a multiple of ${step}`,
    ]);
  }
  rows.push(["Jumps", jumpsLine(report)]);
  for (const { at, pct } of report.firstJumps) {
    rows.push(["", `${minute(at)}: ${pct.toFixed(0)} %`]);
  }
  return `${table(rows)}\n`;
}

/** A report for a program: times as ISO 8601. */
export function reportJson(facts: FileFacts, report: CandleReport) {
  const { firstAt, firstJumps, lastAt, longestGaps, stepMs, ...counts } =
    report;
  return {
    ...facts,
    step: stepMs === null ? null : describeStep(stepMs),
    stepMs,
    firstAt: iso(firstAt),
    lastAt: iso(lastAt),
    ...counts,
    longestGaps: longestGaps.map(({ afterAt, nextAt, missing }) => ({
      afterAt: iso(afterAt),
      nextAt: iso(nextAt),
      missing,
    })),
    firstJumps: firstJumps.map(({ at, pct }) => ({ at: iso(at), pct })),
  };
}

/** Lines of a label and a value, the values under each other. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return rows.map(([label, value]) => label.padEnd(width) + value).join("\n");
}

/** `2024-01-31 12:00`, or a dash for an unknown time. */
export function minute(at: number | null): string {
  return at === null
    ? "—"
    : new Date(at).toISOString().slice(0, 16).replace("T", " ");
}

/** ISO 8601, or null for an unknown time. */
export function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** `1,234`. */
export function grouped(value: number): string {
  return value.toLocaleString("en-US");
}

function candles(count: number): string {
  return `${grouped(count)} ${count === 1 ? "candle" : "candles"}`;
}

function gapsLine({ gaps, longestGaps, missing }: CandleReport): string {
  if (gaps === 0) return "none";
  const which = gaps > longestGaps.length ? "; the longest:" : ":";
  return `${grouped(gaps)}, ${candles(missing)} missing${which}`;
}

function jumpsLine({ firstJumps, jumps }: CandleReport): string {
  if (jumps === 0) return `none above ${JUMP_PCT_MIN} %`;
  const which = jumps > firstJumps.length ? "; the first:" : ":";
  const verb = jumps === 1 ? "goes" : "go";
  return `${
    candles(jumps)
  } ${verb} more than ${JUMP_PCT_MIN} % from the close before${which}`;
}
