import * as z from "zod";
import { type Latch, latchSchema } from "../../contracts/emergency.ts";
import type { EmergencyFiles } from "./files.ts";
import { LATCHES_READ_MAX, RELEASED_KEPT } from "./limits.ts";

/** What the file holds. */
export interface KeptLatches {
  /** In force, oldest first. */
  latches: Latch[];
  /** Released, newest first. */
  released: Latch[];
}

/** Beginning of the id of a stop that a desk puts on itself, because its file cannot be read. */
const UNREADABLE = "stop_unreadable";

/** Whether a stop is about the desk that has it, whatever its scope: the other desks can read their files. */
export function isOfOneDesk({ id }: Pick<Latch, "id">): boolean {
  return id.startsWith(UNREADABLE);
}

const fileSchema = z.strictObject({
  v: z.literal(1),
  latches: z.array(latchSchema).max(LATCHES_READ_MAX),
  released: z.array(latchSchema).max(RELEASED_KEPT),
});

/**
 * The latches of the file. One that cannot be read or understood means that
 * everything is latched: whoever wrote it wanted something stopped. It is kept
 * beside, and the file says from then on that everything is latched.
 */
export function readLatches(files: EmergencyFiles, nowMs: number): KeptLatches {
  try {
    const text = files.readLatches();
    if (text === null) return { latches: [], released: [] };
    const { latches, released } = fileSchema.parse(JSON.parse(text));
    return { latches, released };
  } catch (error) {
    const latches = [unreadable(files, { error, nowMs })];
    try {
      files.putAside();
      files.writeLatches(latchText({ latches, released: [] }));
    } catch {
      // Then the next start finds the same file, and stops everything again.
    }
    return { latches, released: [] };
  }
}

/** The text of the file. */
export function latchText({ latches, released }: KeptLatches): string {
  return `${JSON.stringify({ v: 1, latches, released }, null, 2)}\n`;
}

function unreadable(
  { path }: EmergencyFiles,
  { error, nowMs }: { error: unknown; nowMs: number },
): Latch {
  const what = error instanceof z.ZodError
    ? "it is not as this build writes it"
    : error instanceof Error
    ? error.message.split("\n")[0]!.slice(0, 100)
    : String(error);
  return {
    id: `${UNREADABLE}${nowMs}`,
    scope: { kind: "all" },
    lever: "block",
    withdrawAll: false,
    reason: [
      `The file of emergency stops "${path}" cannot be read (${what}), so everything is blocked`,
      'the file is kept as "latches.json.unreadable-…": look at what was stopped, then release this stop',
    ].join("; ").slice(0, 400),
    by: { userId: null, name: "the order desk", via: "system" },
    at: nowMs,
    collarPct: 5,
    deadlineMs: 10_000,
    endedAt: nowMs,
    isAudited: false,
    release: null,
  };
}
