/**
 * Which chunks of a bundle run become one file. esbuild makes a chunk for each
 * set of entry points that share something, so a page with many islands would
 * load dozens of small files, each compressed by itself.
 */

/** What a chunk is to the others. */
export interface ChunkLinks {
  /** The chunks that it imports statically. */
  readonly imports: readonly string[];
  readonly bytes: number;
  /** An entry point or what an `import()` names: a file that is asked for by name. */
  readonly isEntry: boolean;
}

/** The chunks of a run by name, and where pages start. */
export interface ChunkGraph {
  readonly chunks: ReadonlyMap<string, ChunkLinks>;
  /** What every page loads: the runtime, and the islands that are on every page. */
  readonly everywhere: readonly string[];
  /** The chunk of each island. */
  readonly islands: readonly string[];
}

/** Chunks that at least so many islands load belong to what every page loads. */
const WIDELY_USED = 5;
/** So do chunks of fewer bytes, unminified, which are not worth a file. */
const SMALL_BYTES = 3_000;
/** A chunk of more bytes stays by itself: who needs it later must not load the rest with it. */
const LARGE_BYTES = 24_000;

/**
 * The groups of more than one chunk. The first is loaded by every page; of the
 * others each has chunks that the same islands load at first. No group imports
 * itself by way of another file: what a chunk imports is used by at least as
 * many islands, and a chunk joins only where what it imports of its kind has.
 */
export function groupChunks(graph: ChunkGraph): readonly string[][] {
  const closures = graph.islands.map((island) => closureOf([island], graph));
  const usersOf = (name: string) =>
    graph.islands.filter((_, i) => closures[i]!.has(name));
  const common = closureOf(graph.everywhere, graph);
  const byUsers = new Map<string, Set<string>>();
  // What a chunk imports comes before it.
  for (const name of closureOf([...graph.chunks.keys()], graph)) {
    const { isEntry, bytes, imports } = graph.chunks.get(name)!;
    const users = usersOf(name);
    if (isEntry || common.has(name) || users.length === 0) continue;
    const isCommon = bytes <= SMALL_BYTES || users.length >= WIDELY_USED;
    if (isCommon && imports.every((imported) => common.has(imported))) {
      common.add(name);
      continue;
    }
    const group = byUsers.get(users.join()) ?? new Set();
    const isWhole = imports.every((imported) =>
      common.has(imported) || group.has(imported) ||
      usersOf(imported).length > users.length
    );
    if (bytes > LARGE_BYTES || !isWhole) continue;
    byUsers.set(users.join(), group.add(name));
  }
  return [common, ...byUsers.values()].map((group) => [...group])
    .filter(({ length }) => length > 1);
}

/** All that these chunks load, themselves included; what they import comes first. */
function closureOf(
  names: readonly string[],
  { chunks }: ChunkGraph,
  seen: Set<string> = new Set(),
): Set<string> {
  for (const name of names) {
    if (seen.has(name)) continue;
    closureOf(chunks.get(name)?.imports ?? [], { chunks } as ChunkGraph, seen);
    seen.add(name);
  }
  return seen;
}
