/**
 * What the first and the last bytes of a session file say, so that a list of
 * files need not read them whole.
 *
 * @module
 */
import { gunzipSync } from "node:zlib";
import type { EpochMs } from "../../contracts/primitives.ts";
import { SESSION_FORMAT } from "./session_lines.ts";

/** When a session was started, from the first bytes of its file; null where they do not say. */
export function readStartedAt(bytes: Uint8Array): EpochMs | null {
  for (const at of [...memberStarts(bytes).slice(1), bytes.length]) {
    const head = unpackJson(bytes.subarray(0, at));
    if (head === null) continue;
    const { format, startedAt } = head;
    return format === SESSION_FORMAT && Number.isSafeInteger(startedAt)
      ? startedAt as number
      : null;
  }
  return null;
}

/** Whether a file has its last line, from its last bytes. The line must be a block of its own. */
export function hasEnd(bytes: Uint8Array): boolean {
  return memberStarts(bytes).some((at) => {
    const last = unpackJson(bytes.subarray(at));
    return last !== null && "end" in last;
  });
}

/** Where a packed block may begin. */
function memberStarts(bytes: Uint8Array): number[] {
  const starts: number[] = [];
  for (let at = 0; at + 2 < bytes.length; at++) {
    const isStart = bytes[at] === 0x1f && bytes[at + 1] === 0x8b &&
      bytes[at + 2] === 0x08;
    if (isStart) starts.push(at);
  }
  return starts;
}

function unpackJson(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(gunzipSync(bytes).toString());
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : null;
  } catch {
    // Not a block, or not one line: no answer.
    return null;
  }
}
