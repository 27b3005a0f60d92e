import { tryTimeText } from "../contracts/time_text.ts";
import { type CommandContext, textOption } from "./command.ts";
import { usageError } from "./errors.ts";

const SPAN_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * The moment that `--since` or `--until` names, in epoch milliseconds: a time,
 * or a span back from now. A time without zone is UTC; a day alone is its start
 * for `--since`, its end for `--until`. Null where it was not given.
 *
 * @throws {CliError} For anything else.
 */
export function sinceOf(
  { io, values }: CommandContext,
  name: "since" | "until" = "since",
): number | null {
  const text = textOption(values, name);
  if (text === undefined) return null;
  const span = /^(\d{1,6})([smhd])$/.exec(text);
  if (span !== null) return io.now() - Number(span[1]) * SPAN_MS[span[2]!]!;
  const at = tryTimeText(text, name === "until" ? "end" : "start");
  if (at !== null) return at;
  throw usageError(
    `--${name} is "${text}"; give a time such as 2026-09-01T12:00Z or a span such as 10m`,
  );
}
