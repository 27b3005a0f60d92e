/** What `deno task audit` looks at: a store or an export, and checkpoints beside it. */
import { TextLineStream } from "./text_lines.ts";
import type { TimeSource } from "../lib/core/time.ts";
import { AppError } from "../lib/core/errors.ts";
import type { CheckpointSource } from "../lib/store/audit/checkpoint_book.ts";
import { type AuditLine, parseLine } from "../lib/store/audit/lines.ts";
import { MIRROR_FILE } from "../lib/store/audit/mirror_file.ts";
import type { AuditReader } from "../lib/store/audit/reader.ts";
import {
  storeHeads,
  storeLines,
  withStoreCopy,
} from "../lib/store/audit/store_copy.ts";
import {
  collectCheckpoints,
  type Verdict,
  verifyLines,
} from "../lib/store/audit/verify_lines.ts";
import { STORE_NAME } from "../lib/store/backup/manifest.ts";

/** Something with a trail in it. */
export interface Target {
  kind: "store" | "export";
  path: string;
  /** Checkpoint files that belong to it. */
  mirrors: readonly string[];
  /** Where a copy of a store may be made for a moment. */
  copyFolder: string;
}

const systemTime: TimeSource = {
  nowMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  every(intervalMs, callback) {
    const timer = setInterval(callback, intervalMs);
    return { cancel: () => clearInterval(timer) };
  },
};

/**
 * Finds out what lies at a path.
 *
 * @throws {AppError} AUDIT_UNREADABLE where there is no trail.
 */
export async function targetOf(
  path: string,
  dataDir: string,
): Promise<Target> {
  const copyFolder = `${dataDir}/audit/verify-${Deno.pid}`;
  const info = await Deno.stat(path).catch(() => null);
  if (info === null) throw noTrail(path, "there is nothing");
  if (!info.isDirectory) {
    const isStore = await beginsLikeStore(path);
    const kind = isStore ? "store" : "export";
    return { kind, path, mirrors: [], copyFolder };
  }
  const store = `${path}/${STORE_NAME}`;
  const hasStore = await Deno.stat(store).then(() => true, () => false);
  if (!hasStore) throw noTrail(path, `it holds no ${STORE_NAME}`);
  const mirror = `${path}/audit/${MIRROR_FILE}`;
  const hasMirror = await Deno.stat(mirror).then(() => true, () => false);
  const mirrors = hasMirror ? [mirror] : [];
  return { kind: "store", path: store, mirrors, copyFolder };
}

/** Verifies it with all checkpoints that there are. */
export async function verifyTarget(
  target: Target,
  { files, key }: { files: readonly string[]; key: string | null },
): Promise<Verdict> {
  // Read first: the store may only be newer than they.
  const elsewhere = await Promise.all(
    [...new Set([...target.mirrors, ...files])].map(readCheckpoints),
  );
  if (target.kind === "export") {
    const checkpoints = await collectCheckpoints(readLines(target.path));
    return await verifyLines({
      lines: readLines(target.path),
      checkpoints: [{ name: target.path, checkpoints }, ...elsewhere],
      key,
      heads: null,
      isCheckpointOptional: elsewhere.length > 0,
    });
  }
  return await withTargetReader(target, async (reader) => {
    const checkpoints = await collectCheckpoints(storeLines(reader));
    return await verifyLines({
      lines: storeLines(reader),
      checkpoints: [{ name: "the store", checkpoints }, ...elsewhere],
      key,
      heads: await storeHeads(reader),
    });
  });
}

/** Opens a copy of a store. @throws {AppError} AUDIT_UNREADABLE for an export. */
export function withTargetReader<T>(
  { kind, path, copyFolder }: Target,
  use: (reader: AuditReader) => Promise<T>,
): Promise<T> {
  if (kind === "export") throw noTrail(path, "it is no store but an export");
  return withStoreCopy(path, { folder: copyFolder, time: systemTime }, use);
}

/** What was found, in sentences. */
export function describeVerdict(
  { path }: Target,
  { verdict, isPinned }: { verdict: Verdict; isPinned: boolean },
): string {
  const { faults, streams, key } = verdict;
  const count = (value: number) => value.toLocaleString("en-US");
  const found = faults.length === 0
    ? [`The audit trail in ${path} is whole.`]
    : [
      `The audit trail in ${path} is BROKEN.`,
      ...faults.map(({ detail }) => `  ${detail}`),
    ];
  const lengths = streams.map((one) =>
    `${one.stream}: ${count(one.entries)} entries fit, ${
      count(one.checkpoints)
    } checkpoints, ${count(one.uncovered)} entries behind the last one`
  );
  const signed = key === null
    ? "No checkpoint was found: nothing vouches for the last entries."
    : isPinned
    ? `Signed by the key that was given, ${key}.`
    : `Signed by the key ${key}; note it down and give it with --key next time.`;
  return [...found, ...lengths, signed].join("\n");
}

async function readCheckpoints(path: string): Promise<CheckpointSource> {
  const checkpoints = await collectCheckpoints(readLines(path));
  return { name: path, checkpoints };
}

async function* readLines(path: string): AsyncGenerator<AuditLine> {
  const file = await Deno.open(path);
  const lines = file.readable.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of lines) yield parseLine(line);
}

async function beginsLikeStore(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  const bytes = new Uint8Array(15);
  await file.read(bytes);
  return new TextDecoder().decode(bytes) === "SQLite format 3";
}

function noTrail(path: string, why: string): AppError {
  return new AppError(
    "AUDIT_UNREADABLE",
    `No audit trail can be read at "${path}": ${why}; give a data folder, a backup, a store file or an export`,
  );
}
