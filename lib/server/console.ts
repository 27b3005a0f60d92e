// deno-lint-ignore-file no-console -- the one place that writes to the console of the server

import { redactLine } from "../core/redact.ts";

/** Where the server tells its operator what it does. One line a message. */
export interface Console {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  error(message: string, error?: unknown): void;
  /** A line that is meant to show a secret: the link of the first account. */
  offer(message: string): void;
}

const SEVERITY = { debug: 0, info: 1, warning: 2, error: 3 } as const;

/** Creates a console that leaves out what is below `level`. */
export function createConsole(level: keyof typeof SEVERITY): Console {
  const write = (at: keyof typeof SEVERITY, message: string) => {
    if (SEVERITY[at] < SEVERITY[level]) return;
    const line = redactLine(message);
    if (at === "error" || at === "warning") console.error(`${at}: ${line}`);
    else console.log(line);
  };
  return {
    debug: (message) => write("debug", message),
    info: (message) => write("info", message),
    warning: (message) => write("warning", message),
    offer: (message) => {
      if (SEVERITY.info >= SEVERITY[level]) console.log(message);
    },
    error: (message, error) =>
      write(
        "error",
        error === undefined ? message : `${message}: ${describe(error)}`,
      ),
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
