import { actorError } from "../errors.ts";
import type { CommandEntry } from "./command_memory.ts";

/** A snapshot as a cell hands it out: the program's own state, and the commands it has carried out. */
export interface CellSnapshot {
  /** Version of this envelope; version 1 had none, only the state. */
  v: 2;
  /** What the program's `snapshot` returned. */
  state: unknown;
  commandIds: readonly CommandEntry[];
}

/**
 * Reads a stored snapshot of any version; null or undefined is no snapshot.
 *
 * @throws {AppError} `SNAPSHOT_UNUSABLE` if it is of a newer version.
 */
export function readCellSnapshot(value: unknown): CellSnapshot | null {
  if (value === null || value === undefined) return null;
  if (!isEnvelope(value)) return { v: 2, state: value, commandIds: [] };
  if (value.v === 2) return value as CellSnapshot;
  throw actorError(
    "SNAPSHOT_UNUSABLE",
    `Cannot read a snapshot of version "${value.v}", expected "2" or older: start the newer version of the platform`,
  );
}

function isEnvelope(value: unknown): value is { v: number } {
  return typeof value === "object" && value !== null && "commandIds" in value &&
    "state" in value && typeof (value as { v?: unknown }).v === "number";
}
