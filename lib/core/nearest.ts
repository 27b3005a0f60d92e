/** The candidate that differs least from `text`, if it differs little enough to be a slip. */
export function nearest(
  text: string,
  candidates: readonly string[],
): string | null {
  let best: { candidate: string; distance: number } | null = null;
  for (const candidate of candidates) {
    const distance = editDistance(text.toLowerCase(), candidate.toLowerCase());
    if (best === null || distance < best.distance) {
      best = { candidate, distance };
    }
  }
  const tolerance = Math.max(1, Math.floor(text.length / 3));
  return best !== null && best.distance <= tolerance ? best.candidate : null;
}

/** ` Did you mean "x"?` with a leading space, or nothing. */
export function suggest(text: string, candidates: readonly string[]): string {
  const found = nearest(text, candidates);
  return found === null ? "" : ` Did you mean "${found}"?`;
}

/** Insertions, deletions, substitutions and swaps of neighbours that lead from `a` to `b`. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [];
  for (let i = 0; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      if (i === 0) {
        rows[0]!.push(j);
        continue;
      }
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(
        rows[i - 1]![j]! + 1,
        rows[i]![j - 1]! + 1,
        rows[i - 1]![j - 1]! + same,
      );
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] &&
        a[i - 2] === b[j - 1];
      if (isSwap) least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      rows[i]!.push(least);
    }
  }
  return rows[a.length]![b.length]!;
}
