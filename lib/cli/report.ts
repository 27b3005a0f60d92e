import type { FieldError } from "../core/errors.ts";
import { CliError, EXIT } from "./errors.ts";
import type { CliIo } from "./io.ts";
import { plain } from "./output.ts";

/** Writes an error for a person: what, why, code and request id, and what to do next. @returns The exit code. */
export function reportError(io: CliIo, error: unknown): number {
  if (!(error instanceof CliError)) {
    const text = error instanceof Error ? error.message : String(error);
    io.stderr(`error: ${plain(text)}\n`);
    return EXIT.failed;
  }
  const { problem, next } = error;
  const title = problem === null ? "" : `${plain(problem.title)}: `;
  io.stderr(`error: ${title}${plain(error.message)}\n`);
  if (problem !== null) {
    writeFieldErrors(io, "error", problem.errors);
    writeFieldErrors(io, "warning", problem.warnings);
    io.stderr(
      `  code ${plain(problem.code)}, request ${plain(problem.instance)}\n`,
    );
  }
  if (next !== null) io.stderr(`  ${next}\n`);
  return error.exitCode;
}

function writeFieldErrors(
  io: CliIo,
  kind: string,
  fields: readonly FieldError[] | undefined,
): void {
  for (const { pointer, detail } of fields ?? []) {
    const place = pointer.replace(/^\/config\//, "").replaceAll("/", ".")
      .replace(/^\./, "");
    io.stderr(
      `  ${kind}${place === "" ? "" : ` in ${plain(place)}`}: ${
        plain(detail)
      }\n`,
    );
  }
}
