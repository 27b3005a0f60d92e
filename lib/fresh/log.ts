/** Messages for the person at the terminal. */

const encoder = new TextEncoder();

/** Writes `message`, and the error with its stack if there is one, to standard error. */
export function log(message: string, error?: unknown): void {
  const details = error === undefined ? "" : `: ${Deno.inspect(error)}`;
  Deno.stderr.writeSync(encoder.encode(`${message}${details}\n`));
}
