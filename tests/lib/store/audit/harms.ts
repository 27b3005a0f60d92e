/** Ways to harm an exported trail, each with the first entry that is bad then. */
import type {
  AuditCheckpoint,
  AuditRecord,
  AuditStream,
} from "../../../../lib/contracts/audit_trail.ts";
import { ROOT_HASH } from "../../../../lib/store/audit/chain.ts";
import {
  createAuditKey,
  createSigner,
} from "../../../../lib/store/audit/checkpoint.ts";
import {
  type AuditLine,
  checkpointLine,
  parseLine,
  recordLine,
} from "../../../../lib/store/audit/lines.ts";
import { entryOfNumber, link, rehashed } from "./trail.ts";

/** A source of randomness from a seed. */
export interface Random {
  below(limit: number): number;
  pick<T>(items: readonly T[]): T;
}

/** A harmed file, and where the first harm is. */
export interface Harmed {
  lines: string[];
  stream: AuditStream;
  /** Number of the first bad entry. */
  first: number;
  /** False where no entry is bad but a checkpoint. */
  isEntry?: boolean;
}

/** A way to harm a file. */
export type Harm = (lines: readonly string[], random: Random) => Harmed;

const stranger = createSigner(createAuditKey());

/** An export taken apart. */
interface Parts {
  stream: AuditStream;
  before: string[];
  records: AuditRecord[];
  checkpoints: string[];
  after: string[];
}

function apart(lines: readonly string[], random: Random): Parts {
  const parsed = readOnce(lines);
  const { stream, records } = random.pick(
    (["commands", "access"] as const).map((stream) => ({
      stream,
      records: parsed.flatMap((line) =>
        line.kind === "record" && line.record.stream === stream
          ? [line.record]
          : []
      ),
    })),
  );
  const isOwn = (index: number) => {
    const line = parsed[index]!;
    return line.kind === "record"
      ? line.record.stream === stream
      : line.kind === "checkpoint" && line.checkpoint.stream === stream;
  };
  const own = lines.map((_, index) => index).filter(isOwn);
  return {
    stream,
    records,
    before: lines.slice(0, own[0]),
    checkpoints: own.slice(records.length).map((index) => lines[index]!),
    after: lines.slice(own.at(-1)! + 1),
  };
}

const read = new WeakMap<object, AuditLine[]>();

function readOnce(lines: readonly string[]): AuditLine[] {
  const known = read.get(lines) ?? lines.map(parseLine);
  read.set(lines, known);
  return known;
}

function whole(parts: Parts, first: number): Harmed {
  const { stream, before, records, checkpoints, after } = parts;
  const lines = [
    ...before,
    ...records.map(recordLine),
    ...checkpoints,
    ...after,
  ];
  return { lines, stream, first };
}

function changed(record: AuditRecord, random: Random): AuditRecord {
  const changes: readonly ((record: AuditRecord) => AuditRecord)[] = [
    (old) => ({ ...old, at: old.at + 1 }),
    (old) => ({ ...old, actor: { ...old.actor, name: "mallory@example.com" } }),
    (old) => ({ ...old, action: `${old.action}x` }),
    (old) => ({ ...old, outcome: "refused" }),
    (old) => ({ ...old, reason: `${old.reason} ` }),
    (old) => ({ ...old, target: "agt_0" }),
    (old) => ({ ...old, detail: { ...old.detail, after: [] } }),
    (old) => ({ ...old, detail: {} }),
  ];
  return random.pick(changes)(record);
}

/** Makes numbers and hashes anew from an entry on, as somebody would who writes the whole file. */
function relinked(records: AuditRecord[], from: number): AuditRecord[] {
  const made = records.slice(0, from);
  for (const record of records.slice(from)) {
    const { stream, n: _n, prev: _prev, hash: _hash, ...entry } = record;
    made.push(link(entry, {
      stream,
      n: made.length + 1,
      prev: made.at(-1)?.hash ?? ROOT_HASH,
    }));
  }
  return made;
}

function renumbered(records: readonly AuditRecord[]): AuditRecord[] {
  return records.map((record, index) => ({ ...record, n: index + 1 }));
}

function madeUp(parts: Parts, index: number): AuditRecord {
  const prev = parts.records[index - 1]?.hash ?? ROOT_HASH;
  return link(entryOfNumber(900), { stream: parts.stream, n: index + 1, prev });
}

/** Harm of one stream by what becomes of its records. */
function ofRecords(
  harm: (
    parts: Parts,
    index: number,
    random: Random,
  ) => { records: AuditRecord[]; first?: number },
): Harm {
  return (lines, random) => {
    const parts = apart(lines, random);
    const index = random.below(parts.records.length);
    const { records, first = index + 1 } = harm(parts, index, random);
    return whole({ ...parts, records }, first);
  };
}

function ofCheckpoints(
  harm: (checkpoints: string[], index: number, random: Random) => string[],
): Harm {
  return (lines, random) => {
    const parts = apart(lines, random);
    const index = random.below(parts.checkpoints.length);
    const checkpoints = harm(parts.checkpoints, index, random);
    return { ...whole({ ...parts, checkpoints }, 0), isEntry: false };
  };
}

function checkpointIn(line: string): AuditCheckpoint {
  const parsed = parseLine(line);
  if (parsed.kind !== "checkpoint") throw new Error("no checkpoint");
  return parsed.checkpoint;
}

function otherIndex(length: number, index: number, random: Random): number {
  return (index + 1 + random.below(length - 1)) % length;
}

/** Every way. */
export const HARMS: Readonly<Record<string, Harm>> = {
  edit: ofRecords(({ records }, index, random) => ({
    records: records.with(index, changed(records[index]!, random)),
  })),
  editAndHash: ofRecords(({ records }, index, random) => ({
    records: records.with(index, rehashed(changed(records[index]!, random))),
  })),
  editAndHashAll: ofRecords(({ records }, index, random) => ({
    records: relinked(
      records.with(index, changed(records[index]!, random)),
      index,
    ),
  })),
  editByte: (lines, random) => {
    const parts = apart(lines, random);
    const index = random.below(parts.records.length);
    const harmed = whole(parts, index + 1);
    const place = parts.before.length + index;
    harmed.lines[place] = withOtherCharacter(harmed.lines[place]!, random);
    harmed.lines = harmed.lines.flatMap((line) => line.split("\n"));
    return harmed;
  },
  drop: ofRecords(({ records }, index) => ({
    records: records.toSpliced(index, 1),
  })),
  dropSome: ofRecords(({ records }, index, random) => ({
    records: records.toSpliced(index, 1 + random.below(5)),
  })),
  dropAndNumber: ofRecords(({ records }, index) => ({
    records: renumbered(records.toSpliced(index, 1)),
  })),
  swap: ofRecords(({ records }, index, random) => {
    const other = otherIndex(records.length, index, random);
    return {
      records: records.with(index, records[other]!).with(
        other,
        records[index]!,
      ),
      first: Math.min(index, other) + 1,
    };
  }),
  swapAndNumber: ofRecords(({ records }, index, random) => {
    const other = otherIndex(records.length, index, random);
    return {
      records: renumbered(
        records.with(index, records[other]!).with(other, records[index]!),
      ),
      first: Math.min(index, other) + 1,
    };
  }),
  repeat: ofRecords(({ records }, index, random) => ({
    records: records.toSpliced(
      index + 1 + random.below(records.length - index),
      0,
      records[index]!,
    ),
  })),
  insert: ofRecords((parts, index) => ({
    records: parts.records.toSpliced(index, 0, madeUp(parts, index)),
  })),
  insertAndNumber: ofRecords((parts, index) => ({
    records: renumbered(
      parts.records.toSpliced(index, 0, madeUp(parts, index)),
    ),
  })),
  insertAndHashAll: ofRecords((parts, index) => ({
    records: relinked(
      parts.records.toSpliced(index, 0, madeUp(parts, index)),
      index,
    ),
  })),
  append: ofRecords((parts) => ({
    records: [...parts.records, madeUp(parts, parts.records.length)],
    first: parts.records.length + 1,
  })),
  truncate: ofRecords(({ records }, index) => ({
    records: records.slice(0, index),
  })),
  truncateFile: (lines, random) => {
    const parts = apart(lines, random);
    const kept = random.below(parts.records.length - 1) + 1;
    const harmed = whole(
      { ...parts, records: parts.records.slice(0, kept), checkpoints: [] },
      kept + 1,
    );
    return harmed;
  },
  checkpointDrop: ofCheckpoints((checkpoints, index) =>
    checkpoints.toSpliced(index, 1)
  ),
  checkpointByte: ofCheckpoints((checkpoints, index, random) =>
    checkpoints.with(index, withOtherCharacter(checkpoints[index]!, random))
  ),
  checkpointEdit: ofCheckpoints((checkpoints, index, random) => {
    const old = checkpointIn(checkpoints[index]!);
    const next = random.pick<AuditCheckpoint>([
      { ...old, n: old.n + 1 },
      { ...old, at: old.at + 1 },
      { ...old, hash: "f".repeat(64) },
      { ...old, serial: old.serial + 1 },
    ]);
    return checkpoints.with(index, checkpointLine(next));
  }),
  checkpointByStranger: ofCheckpoints((checkpoints, index) => {
    const { key: _key, signature: _signature, ...statement } = checkpointIn(
      checkpoints[index]!,
    );
    const forged = stranger.sign({ ...statement, hash: "e".repeat(64) });
    return checkpoints.with(index, checkpointLine(forged));
  }),
};

function withOtherCharacter(line: string, random: Random): string {
  const index = random.below(line.length);
  const other = random.pick([...'0123456789abcdef"{}[],:\\ \n\u0000é']);
  return line[index] === other
    ? withOtherCharacter(line, random)
    : line.slice(0, index) + other + line.slice(index + 1);
}
