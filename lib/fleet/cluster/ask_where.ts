import type { FleetContext } from "../context.ts";
import { NothingDone } from "./calls.ts";

/** Something that one process carries out. */
export interface Task<Result> {
  /** The other host that it is up to now; null for this process. @throws {AppError} Where there is none. */
  find(): string | null;
  question: { method: string; args: unknown };
  /** Does it in this process. */
  here(): Promise<Result>;
}

/**
 * Asks the host that a task is up to. Where that has ended or does not answer
 * and surely did nothing, whoever it is up to by then is asked, once.
 *
 * @throws {AppError} What the host refused with, or HOST_UNREACHABLE.
 */
export async function askWhere<Result>(
  { calls, cluster }: FleetContext,
  { find, question, here }: Task<Result>,
): Promise<Result> {
  let failed: { session: string | null; error: NothingDone } | null = null;
  for (;;) {
    const hostId = find();
    // deno-lint-ignore no-await-in-loop -- at most once more
    if (hostId === null) return await here();
    const session = cluster!.sessionOf(hostId);
    if (failed !== null && failed.session === session) throw failed.error;
    try {
      // deno-lint-ignore no-await-in-loop -- as above
      return await calls!.call(hostId, question) as Result;
    } catch (error) {
      if (failed !== null || !(error instanceof NothingDone)) throw error;
      failed = { session, error };
    }
    // deno-lint-ignore no-await-in-loop -- as above
    await cluster!.lookAround();
  }
}
