/** Reads Prometheus' text format, as far as the server writes it. */

/** One value with its labels. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** All values of a text. */
export function readExposition(text: string): readonly Sample[] {
  return text.split("\n").flatMap((line): Sample[] => {
    const [, name, labels = "", value] = LINE.exec(line) ?? [];
    if (name === undefined) return [];
    return [{
      name,
      labels: Object.fromEntries(
        [...labels.matchAll(LABEL)].map(([, key, text]) => [key!, text!]),
      ),
      value: Number(value),
    }];
  });
}

/** The one value of a name; null where there is none. */
export function valueOf(
  samples: readonly Sample[],
  name: string,
): number | null {
  return samples.find((sample) => sample.name === name)?.value ?? null;
}

/** Values of a name by one of its labels. */
export function byLabel(
  samples: readonly Sample[],
  { name, label }: { name: string; label: string },
): ReadonlyMap<string, number> {
  return new Map(
    samples.filter((sample) => sample.name === name)
      .map(({ labels, value }) => [labels[label] ?? "", value]),
  );
}

/** A histogram between two readings. */
export interface Buckets {
  /** Upper edges, ascending; the last one is infinite. */
  edges: readonly number[];
  /** How many values are in each bucket alone. */
  counts: readonly number[];
}

/** What a histogram of this name has taken between two readings. */
export function bucketsBetween(
  name: string,
  before: readonly Sample[],
  after: readonly Sample[],
): Buckets {
  const read = (samples: readonly Sample[]) =>
    byLabel(samples, { name: `${name}_bucket`, label: "le" });
  const [old, now] = [read(before), read(after)];
  const edges = [...now.keys()].map(edgeOf).toSorted((a, b) => a - b);
  const keyOf = new Map([...now.keys()].map((key) => [edgeOf(key), key]));
  const cumulative = edges.map((edge) => {
    const key = keyOf.get(edge)!;
    return now.get(key)! - (old.get(key) ?? 0);
  });
  return {
    edges,
    counts: cumulative.map((count, place) =>
      count - (cumulative[place - 1] ?? 0)
    ),
  };
}

function edgeOf(text: string): number {
  return text === "+Inf" ? Infinity : Number(text);
}

/** The value that a share of all does not exceed, as a straight line through its bucket; null without any. */
export function quantileOf(
  { edges, counts }: Buckets,
  share: number,
): number | null {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  const rank = share * all;
  let seen = 0;
  for (const [place, count] of counts.entries()) {
    const low = edges[place - 1] ?? 0;
    const high = edges[place]!;
    if (seen + count >= rank && count > 0) {
      // Beyond the last edge nothing is known but that it is beyond.
      if (high === Infinity) return low;
      return low + (high - low) * Math.max(0, rank - seen) / count;
    }
    seen += count;
  }
  return edges.at(-2) ?? null;
}
