/** Messages for the person at the terminal. */

const encoder = new TextEncoder();

/**
 * Writes `message` to standard error, and the stack of `error` with that of its
 * cause. Other fields are left out: some libraries keep the whole input there.
 */
export function log(message: string, error?: unknown): void {
  const lines = error === undefined
    ? [message]
    : [`${message}: ${describe(error)}`];
  if (error instanceof Error && error.cause !== undefined) {
    lines.push(`Caused by ${describe(error.cause)}`);
  }
  Deno.stderr.writeSync(encoder.encode(`${lines.join("\n")}\n`));
}

function describe(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
