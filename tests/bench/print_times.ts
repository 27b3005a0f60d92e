// deno-lint-ignore-file no-console -- a benchmark prints

/** Prints a figure of times in ms, with so many digits behind the point. */
export function printTimes(
  name: string,
  times: readonly number[],
  digits: number,
): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (fraction: number) =>
    Number(sorted[Math.floor(fraction * (sorted.length - 1))]!.toFixed(digits));
  console.log(JSON.stringify({
    name,
    unit: "ms",
    n: sorted.length,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  }));
}
