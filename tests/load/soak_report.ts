import type { SoakVerdict, Trend } from "./soak_verdict.ts";

/** The verdict as text for a screen. */
export function soakText(verdict: SoakVerdict): string {
  const rows = verdict.trends.map(rowOf);
  const head = ["what", "first", "last", "slope", "95 % between", "bound", ""];
  const all = [head, ...rows];
  const widths = head.map((_, column) =>
    Math.max(...all.map((row) => row[column]!.length))
  );
  const lines = all.map((row) =>
    row.map((text, column) => text.padEnd(widths[column]!)).join("  ").trimEnd()
  );
  const late = verdict.loopLateMsP99;
  return [
    ...lines,
    "",
    `Main isolate late: p99 ${late === null ? "—" : late.toFixed(1)} ms`,
    verdict.stuck.length === 0
      ? "No actor was stuck"
      : `Stuck: ${
        verdict.stuck.map(({ name, why }) => `${name} (${why})`).join(", ")
      }`,
    verdict.isSound
      ? `Sound over ${verdict.samples} looks`
      : `Broken over ${verdict.samples} looks`,
  ].join("\n");
}

function rowOf(
  { name, unit, first, last, slope, bound, isBroken }: Trend,
): string[] {
  return [
    name,
    figure(first),
    figure(last),
    slope === null ? "—" : `${signed(slope.perX)} ${unit}`,
    slope === null ? "—" : `${signed(slope.low)} … ${signed(slope.high)}`,
    bound === null ? "none" : `${bound}`,
    isBroken ? "BROKEN" : "",
  ];
}

function figure(value: number | null): string {
  return value === null ? "—" : value.toFixed(1);
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${value.toFixed(1)}`;
}
