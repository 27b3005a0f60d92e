// deno-lint-ignore-file no-console -- the one place that writes to the console of the server

/** Where the server tells its operator what it does. One line a message. */
export interface Console {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  error(message: string, error?: unknown): void;
}

const SEVERITY = { debug: 0, info: 1, warning: 2, error: 3 } as const;

/** Creates a console that leaves out what is below `level`. */
export function createConsole(level: keyof typeof SEVERITY): Console {
  const write = (at: keyof typeof SEVERITY, message: string) => {
    if (SEVERITY[at] < SEVERITY[level]) return;
    const line = message.replaceAll(/[\r\n]+/g, " ⏎ ");
    if (at === "error" || at === "warning") console.error(`${at}: ${line}`);
    else console.log(line);
  };
  return {
    debug: (message) => write("debug", message),
    info: (message) => write("info", message),
    warning: (message) => write("warning", message),
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
