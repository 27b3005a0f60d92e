import { EXIT_CODES } from "../core/exit_codes.ts";

/** How a process ended. */
export interface ExitStatus {
  code: number;
  /** Name of the signal that ended it, or null. */
  signal: string | null;
}

/** A shell says "128 + number" for a process that a signal ended. */
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  SIGILL: 132,
  SIGTRAP: 133,
  SIGABRT: 134,
  SIGKILL: 137,
  SIGSEGV: 139,
  SIGTERM: 143,
};

const MEANINGS: Readonly<Record<number, string>> = {
  0: "it stopped by itself",
  [EXIT_CODES.failed]: "an error that nothing caught; it is in the lines above",
  [EXIT_CODES.cannotStart]:
    "the port or the data folder cannot be used; it is in the lines above",
  [EXIT_CODES.recycle]: "it asked for a fresh process",
  132: "an illegal instruction",
  133: "most likely out of memory",
  134: "aborted, most likely out of memory",
  137: "killed from outside, most likely by a person or for lack of memory",
  139: "a fault in native code",
  143: "asked to end by another program",
};

/** How a process ended and what that usually means, such as `exit code 133: most likely out of memory`. */
export function explainExit({ code, signal }: ExitStatus): string {
  const number = signal === null ? code : SIGNAL_NUMBERS[signal] ?? code;
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return `${how}: ${MEANINGS[number] ?? "no usual reason"}`;
}
