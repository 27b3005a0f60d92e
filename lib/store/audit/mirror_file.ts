import {
  AUDIT_STREAMS,
  type AuditCheckpoint,
  type AuditStream,
} from "../../contracts/audit_trail.ts";
import { checkpointLine, parseLine } from "./lines.ts";

/** Name of the file in its folder. */
export const MIRROR_FILE = "checkpoints.jsonl";

/** A second place for checkpoints, outside of the store. */
export interface CheckpointMirror {
  /** As it is named to people. */
  name: string;
  /** Serial number of the newest checkpoint of each stream that it has. */
  last(): Promise<Map<AuditStream, number>>;
  /** Appends checkpoints, and waits until the disk has them. */
  append(checkpoints: readonly AuditCheckpoint[]): Promise<void>;
}

/**
 * A file that only ever grows, readable for its owner alone. One that is shipped
 * to another machine while it grows keeps what was signed out of reach of
 * whoever changes this one.
 */
export function createMirrorFile(folder: string): CheckpointMirror {
  const path = `${folder}/${MIRROR_FILE}`;
  return {
    name: path,
    async last() {
      const serials = new Map<AuditStream, number>(
        AUDIT_STREAMS.map((stream) => [stream, 0]),
      );
      const text = await readWhole(path);
      for (const line of text.split("\n")) {
        const parsed = line === "" ? null : parseLine(line);
        if (parsed?.kind !== "checkpoint") continue;
        const { stream, serial } = parsed.checkpoint;
        serials.set(stream, Math.max(serial, serials.get(stream)!));
      }
      return serials;
    },
    async append(checkpoints) {
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      const lines = checkpoints.map((one) => `${checkpointLine(one)}\n`);
      const options = { append: true, create: true, mode: 0o600 };
      using file = await Deno.open(path, options);
      const bytes = new TextEncoder().encode(lines.join(""));
      for (let done = 0; done < bytes.length;) {
        // deno-lint-ignore no-await-in-loop -- one write may take a part only
        done += await file.write(bytes.subarray(done));
      }
      await file.syncData();
    },
  };
}

/** What the file holds, without a last line that a crash has cut off: it is cut off here, too. */
async function readWhole(path: string): Promise<string> {
  try {
    const text = await Deno.readTextFile(path);
    const end = text.lastIndexOf("\n") + 1;
    if (end === text.length) return text;
    const kept = text.slice(0, end);
    await Deno.truncate(path, new TextEncoder().encode(kept).byteLength);
    return kept;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
