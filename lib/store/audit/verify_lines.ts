import {
  AUDIT_STREAMS,
  type AuditCheckpoint,
  type AuditFault,
  type AuditStream,
} from "../../contracts/audit_trail.ts";
import type { ChainHead } from "./chain.ts";
import {
  checkCheckpoints,
  type CheckpointSource,
  findLacking,
} from "./checkpoint_book.ts";
import type { AuditLine } from "./lines.ts";
import { CHECKPOINT_ENTRIES } from "./limits.ts";
import { StreamWalk } from "./stream_walk.ts";

/** Entries that may stand behind the newest checkpoint of a store: ten times what a burst is expected to make. */
const MAX_UNCOVERED = 10 * CHECKPOINT_ENTRIES;

/** What is verified. */
export interface VerifyOptions {
  /** Entries in the order in which they stand. */
  lines: AsyncIterable<AuditLine> | Iterable<AuditLine>;
  /** Checkpoints; the place that must lack none comes first. */
  checkpoints: readonly CheckpointSource[];
  /** Public key that must have signed; null takes the one that the checkpoints name. */
  key: string | null;
  /** What the store says of its newest entries; null for a file, whose last entries must be signed. */
  heads: ReadonlyMap<AuditStream, ChainHead> | null;
  /** The first place may lack checkpoints that others have: a file that came without them. */
  isCheckpointOptional?: boolean;
}

/** What was found. */
export interface Verdict {
  /** Ordered by stream and entry; the first of a stream is its first bad entry. */
  faults: readonly AuditFault[];
  streams: readonly {
    stream: AuditStream;
    entries: number;
    checkpoints: number;
    /** Entries behind the newest checkpoint: what is missing after them nobody could tell. */
    uncovered: number;
  }[];
  key: string | null;
}

/** Verifies a trail from its first entry to its last. */
export async function verifyLines(options: VerifyOptions): Promise<Verdict> {
  const { heads } = options;
  const book = checkCheckpoints(options.checkpoints, options.key);
  const faults = [
    ...book.faults,
    ...options.isCheckpointOptional ? [] : findLacking(options.checkpoints),
  ];
  const walks = new Map(AUDIT_STREAMS.map((stream) => {
    const walk = new StreamWalk(stream);
    for (const checkpoint of book.sound) {
      if (checkpoint.stream === stream) walk.expect(checkpoint);
    }
    return [stream, walk];
  }));
  await walkAll(options.lines, { walks, faults });
  for (const [stream, walk] of walks) {
    const fault = walk.finish(heads?.get(stream) ?? null) ??
      coverFault(walk, heads === null ? 0 : MAX_UNCOVERED);
    if (fault !== null) faults.push(fault);
  }
  return {
    faults: faults.toSorted(byPlace),
    streams: [...walks.values()].map((walk) => ({
      stream: walk.stream,
      entries: walk.place.n,
      checkpoints: book.sound.filter(({ stream }) => stream === walk.stream)
        .length,
      uncovered: walk.uncovered,
    })),
    key: book.key,
  };
}

/** Checkpoints among lines, for the pass before the entries. */
export async function collectCheckpoints(
  lines: AsyncIterable<AuditLine> | Iterable<AuditLine>,
): Promise<AuditCheckpoint[]> {
  const found: AuditCheckpoint[] = [];
  for await (const line of lines) {
    if (line.kind === "checkpoint") found.push(line.checkpoint);
  }
  return found;
}

async function walkAll(
  lines: VerifyOptions["lines"],
  { walks, faults }: {
    walks: ReadonlyMap<AuditStream, StreamWalk>;
    faults: AuditFault[];
  },
): Promise<void> {
  let current: AuditStream = "commands";
  /** Lines that nobody can read, and of which nothing tells the stream. */
  let lost: string | null = null;
  for await (const line of lines) {
    if (line.kind === "checkpoint") continue;
    if (line.kind === "unreadable") {
      if (line.isCheckpoint) faults.push(unreadableCheckpoint(line));
      else if (line.stream === null) lost = line.why;
      else walks.get(line.stream)!.acceptUnreadable(line.why);
      continue;
    }
    const { stream, n } = line.record;
    const walk = walks.get(stream)!;
    // The gap that it leaves tells where it belongs.
    if (lost !== null) {
      const isGap = n > walk.place.n + 1;
      (isGap ? walk : walks.get(current)!).acceptUnreadable(lost);
    }
    lost = null;
    current = stream;
    walk.accept(line.record);
  }
  if (lost !== null) walks.get(current)!.acceptUnreadable(lost);
}

function coverFault(walk: StreamWalk, allowed: number): AuditFault | null {
  const { uncovered, stream, place } = walk;
  if (uncovered <= allowed) return null;
  const n = place.n - uncovered + 1;
  return {
    kind: "checkpoint missing",
    stream,
    n,
    upTo: place.n + 1,
    detail:
      `checkpoint missing in the stream ${stream}: the entries ${n} to ${place.n} are behind the last signed one, ` +
      "so nobody can tell whether they are what was written, and all of it",
  };
}

function unreadableCheckpoint(
  { stream, why }: { stream: AuditStream | null; why: string },
): AuditFault {
  const where = stream === null ? "" : ` in the stream ${stream}`;
  const detail = `unreadable${where}: a line with a checkpoint. ${why}`;
  return { kind: "unreadable", stream, n: null, upTo: null, detail };
}

function byPlace(left: AuditFault, right: AuditFault): number {
  const streamOf = ({ stream }: AuditFault) =>
    stream === null ? -1 : AUDIT_STREAMS.indexOf(stream);
  return streamOf(left) - streamOf(right) || (left.n ?? 0) - (right.n ?? 0);
}
