import { AppError } from "../../core/errors.ts";

/** What a person can do about a disk error, by its system code. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "free disk space",
  EDQUOT: "free disk space or raise the quota",
  EROFS: "make the file system writable again",
  EACCES: "give the desk write access to the folder",
  EPERM: "give the desk write access to the folder",
};
const REMEDY = "check the disk and the folder's permissions";

/** Says what the disk said and what to do, for the account's view and the alert. */
export function explainDiskError(error: unknown): string {
  return `The disk does not take the journal: ${messageOf(error)}; ${
    remedyFor(error)
  }, the desk tries again every second`;
}

/**
 * The refusal to open or to change an account whose journal the disk does not
 * take. A 503: the same request may work when the disk is mended.
 */
export function journalUnavailable(
  what: string,
  cause: unknown,
): AppError {
  return new AppError(
    "JOURNAL_UNAVAILABLE",
    `${what}: ${messageOf(cause)}; ${remedyFor(cause)} and try again`,
    { status: 503, cause },
  );
}

function remedyFor(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? REMEDIES[code] ?? REMEDY : REMEDY;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
