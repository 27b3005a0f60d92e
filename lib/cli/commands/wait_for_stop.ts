import { type CommandContext, textOption } from "../command.ts";
import { CliError, EXIT, usageError } from "../errors.ts";

/** How often the state is asked for while a stop is waited for. */
const POLL_MS = 500;

/** How long a stop is waited for unless `--timeout` says otherwise. */
export const STOP_TIMEOUT_S = 30;

/** Asks for a state until it is that of something stopped, or it takes too long. */
export async function waitForStop<T extends { id: string; name: string }>(
  { io }: CommandContext,
  options: {
    timeoutMs: number;
    read: () => Promise<T>;
    isStopped: (read: T) => boolean;
    stateOf: (read: T) => string;
    /** Command that shows its state, without what it is about. */
    show: string;
  },
): Promise<T> {
  const { timeoutMs, read, isStopped, stateOf, show } = options;
  const deadline = io.now() + timeoutMs;
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- the state is asked for until it is as wanted
    const now = await read();
    if (isStopped(now)) return now;
    const isLate = io.now() >= deadline;
    // deno-lint-ignore no-await-in-loop -- as above
    if (!isLate) await io.sleep(POLL_MS);
    if (!isLate && !io.interrupt.aborted) continue;
    const waited = isLate
      ? `has not stopped within ${timeoutMs / 1_000} s`
      : "is no longer waited for";
    throw new CliError(
      `${now.name} ${waited}; it was ${
        stateOf(now)
      } last, and the stop goes on`,
      {
        exitCode: EXIT.failed,
        next: `See its state: deno task agent ${show} ${now.id}`,
      },
    );
  }
}

/** Milliseconds that `--timeout` allows. */
export function stopTimeoutMs({ values }: CommandContext): number {
  const text = textOption(values, "timeout");
  if (text === undefined) return STOP_TIMEOUT_S * 1_000;
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 3_600)) {
    throw usageError(`--timeout is "${text}"; give seconds from 1 to 3600`);
  }
  return seconds * 1_000;
}
