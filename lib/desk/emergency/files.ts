/**
 * The folder of the emergency stop on the disk: the file of latches, requests
 * that somebody puts there, and answers to them.
 *
 * @module
 */
import type { DeskConfig } from "../../contracts/desk.ts";
import {
  LATCHES_FILE,
  REQUEST_FILE,
  RUNNING_FILE,
} from "../../contracts/emergency_desk.ts";
import { ANSWERS_KEPT, REQUEST_BYTES_MAX } from "./limits.ts";

/** What the emergency stop needs of the machine; a test brings its own. Everything throws what the disk says. */
export interface EmergencyFiles {
  /** Where it is, for sentences to people. */
  readonly path: string;
  /** The file of latches; null where there is none. */
  readLatches(): string | null;
  /** Replaces the file at once; it would survive a power cut when this returns. */
  writeLatches(text: string): void;
  /** Moves a file of latches that cannot be read out of the way. */
  putAside(): void;
  /** Requests in the folder of all desks, by name; they stay there. */
  requests(): RequestOfFolder[];
  /** Writes an answer; older ones go. */
  answer(name: string, text: string): void;
  /** Says in the folder whether this desk runs, so that its answer is waited for. */
  setRunning(isRunning: boolean): void;
}

/** A file that asks for a stop. */
export interface RequestOfFolder {
  name: string;
  /** Null where it cannot be read. */
  text: string | null;
  /** When it was written, by the wall clock in whole ms; null where the disk does not say. */
  at: number | null;
}

/** Options of a desk that are about its emergency stop. */
export interface EmergencyOptions {
  /** In place of the folder that its configuration names. */
  emergencyFiles?: EmergencyFiles;
}

/** The files of a desk. */
export function emergencyFilesOf(
  { emergencyDir, emergencyInboxDir }: Pick<
    DeskConfig,
    "emergencyDir" | "emergencyInboxDir"
  >,
  { emergencyFiles }: EmergencyOptions,
): EmergencyFiles {
  if (emergencyFiles !== undefined) return emergencyFiles;
  return emergencyDir === undefined
    ? NO_FILES
    : emergencyFolder(emergencyDir, emergencyInboxDir);
}

const ANSWER_FILE = /^done-[0-9A-Za-z]{8,64}\.json$/;

/** The folder of a real desk, and the one that requests come in. Its files are for their owner alone. */
export function emergencyFolder(path: string, inbox = path): EmergencyFiles {
  const file = `${path}/${LATCHES_FILE}`;
  return {
    path: file,
    readLatches: () => readIfThere(file),
    writeLatches: (text) => replaceFile(path, { name: LATCHES_FILE, text }),
    putAside: () => Deno.renameSync(file, `${file}.unreadable-${Date.now()}`),
    requests: () =>
      namesIn(inbox).filter((name) => REQUEST_FILE.test(name)).sort().map(
        (name) => ({ name, ...readRequest(`${inbox}/${name}`) }),
      ),
    answer(name, text) {
      replaceFile(path, { name, text });
      const answers = namesIn(path).filter((found) =>
        ANSWER_FILE.test(found) && found !== name
      );
      const excess = Math.max(0, answers.length + 1 - ANSWERS_KEPT);
      for (const old of oldestFirst(path, answers).slice(0, excess)) {
        Deno.removeSync(`${path}/${old}`);
      }
    },
    setRunning(isRunning) {
      if (isRunning) replaceFile(path, { name: RUNNING_FILE, text: "" });
      else Deno.removeSync(`${path}/${RUNNING_FILE}`);
    },
  };
}

/** A desk without a folder: latches are in memory only. */
export const NO_FILES: EmergencyFiles = {
  path: "",
  readLatches: () => null,
  writeLatches: () => {},
  putAside: () => {},
  requests: () => [],
  answer: () => {},
  setRunning: () => {},
};

function readIfThere(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** A request that is there and cannot be read is a request. */
function readRequest(path: string): Omit<RequestOfFolder, "name"> {
  let at: number | null = null;
  try {
    const { size, isFile, mtime } = Deno.statSync(path);
    at = mtime === null ? null : Math.trunc(mtime.getTime());
    const isRead = isFile && size <= REQUEST_BYTES_MAX;
    return { text: isRead ? Deno.readTextFileSync(path) : null, at };
  } catch {
    return { text: null, at };
  }
}

function namesIn(path: string): string[] {
  try {
    return [...Deno.readDirSync(path)].map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function oldestFirst(path: string, names: readonly string[]): string[] {
  const dated = names.map((name) => ({
    name,
    at: Deno.statSync(`${path}/${name}`).mtime?.getTime() ?? 0,
  }));
  return dated.sort((a, b) => a.at - b.at).map(({ name }) => name);
}

/** Written beside and renamed, so that there is always a whole file. */
function replaceFile(
  folder: string,
  { name, text }: { name: string; text: string },
): void {
  Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = `${folder}/${name}`;
  const draft = `${path}.next`;
  const options = { write: true, create: true, truncate: true, mode: 0o600 };
  {
    using file = Deno.openSync(draft, options);
    const bytes = new TextEncoder().encode(text);
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
    file.syncSync();
  }
  Deno.renameSync(draft, path);
  try {
    using handle = Deno.openSync(folder, { read: true });
    handle.syncSync();
  } catch {
    // A system that cannot sync a folder keeps the name but over a power cut.
  }
}
