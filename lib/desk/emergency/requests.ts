import { type Latch } from "../../contracts/emergency.ts";
import {
  type HaltFile,
  haltFileSchema,
  stopIdOfRequest,
} from "../../contracts/emergency_desk.ts";
import type { RequestOfFolder } from "./files.ts";

/** A latch as it begins. */
export function newLatch(
  id: string,
  at: number,
  request: HaltFile,
): Latch {
  return {
    id,
    scope: request.scope,
    lever: request.lever,
    withdrawAll: request.withdrawAll,
    reason: request.reason,
    by: { userId: request.userId, name: request.by, via: request.via },
    at,
    collarPct: request.collarPct,
    deadlineMs: request.deadlineMs,
    endedAt: null,
    isAudited: false,
    release: null,
  };
}

/**
 * The latch that a request file asks for. One that is empty or cannot be
 * understood blocks everything: somebody wanted something stopped.
 *
 * Every desk finds the same id for the same file, so that it is one stop.
 *
 * @param file Its name is as `REQUEST_FILE` has it.
 */
export function latchOfRequest(
  file: RequestOfFolder,
  nowMs: number,
): Latch {
  const id = stopIdOfRequest({ name: file.name, at: file.at ?? nowMs });
  if (file.text?.trim() === "") {
    return newLatch(
      id,
      nowMs,
      haltFileSchema.parse({ reason: `The file "${file.name}" was made` }),
    );
  }
  return newLatch(id, nowMs, parse(file));
}

function parse({ name, text }: RequestOfFolder): HaltFile {
  try {
    if (text !== null) return haltFileSchema.parse(JSON.parse(text));
  } catch {
    // What cannot be understood is the same as what cannot be read.
  }
  return haltFileSchema.parse({
    reason:
      `The request "${name}" cannot be understood, so everything is blocked`,
  });
}
