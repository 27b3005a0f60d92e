import * as z from "zod";
import {
  AUDIT_STREAMS,
  type AuditCheckpoint,
  type AuditRecord,
  type AuditStream,
} from "../../contracts/audit_trail.ts";
import { canonicalText, type Json, toJson } from "../../core/canonical.ts";
import { MAX_LINE_CHARACTERS } from "./limits.ts";

const whole = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const checkpointSchema = z.strictObject({
  stream: z.enum(AUDIT_STREAMS),
  serial: whole,
  n: whole,
  hash,
  at: z.number(),
  key: z.string().regex(/^[\w-]{43}$/),
  signature: z.string().regex(/^[\w-]{86}$/),
});

/** What makes a line a record; the rest is what its hash is for. */
const recordSchema = z.looseObject({
  stream: z.enum(AUDIT_STREAMS),
  n: whole,
  prev: hash.nullable(),
  hash: hash.nullable(),
});

/** What a line of an export or of a checkpoint file holds. */
export type AuditLine =
  | { kind: "record"; record: AuditRecord }
  | { kind: "checkpoint"; checkpoint: AuditCheckpoint }
  /** `stream`: where it seems to belong; null where nothing tells it. */
  | {
    kind: "unreadable";
    stream: AuditStream | null;
    isCheckpoint: boolean;
    why: string;
  };

/** An entry as a line, without its end. One entry has one text. */
export function recordLine(record: AuditRecord): string {
  return canonicalText(toJson(record));
}

/** A checkpoint as a line, without its end. */
export function checkpointLine(checkpoint: AuditCheckpoint): string {
  return canonicalText({ checkpoint } as unknown as Json);
}

/** Reads a line. One that says the same in another spelling was edited, too. */
export function parseLine(line: string): AuditLine {
  try {
    if (line.length > MAX_LINE_CHARACTERS) throw new Error("It is too long");
    const value = JSON.parse(line) as Json;
    if (canonicalText(value) !== line) {
      throw new Error("It is spelled in another way than it was written");
    }
    const isCheckpoint = value !== null && typeof value === "object" &&
      "checkpoint" in value && Object.keys(value).length === 1;
    if (isCheckpoint) {
      const checkpoint = checkpointSchema.parse(value.checkpoint);
      return { kind: "checkpoint", checkpoint };
    }
    recordSchema.parse(value);
    return { kind: "record", record: value as unknown as AuditRecord };
  } catch (error) {
    const why = error instanceof SyntaxError
      ? "It is no JSON"
      : error instanceof z.ZodError
      ? "It is neither an entry nor a checkpoint"
      : (error as Error).message;
    const isCheckpoint = /^.{0,3}checkp|"serial":/.test(line);
    return { kind: "unreadable", stream: streamIn(line), isCheckpoint, why };
  }
}

function streamIn(line: string): AuditStream | null {
  const found = /"stream":"(\w+)"\s*,\s*"target"/.exec(line)?.[1] ??
    /"stream":"(\w+)"/.exec(line)?.[1];
  return AUDIT_STREAMS.find((stream) => stream === found) ?? null;
}
