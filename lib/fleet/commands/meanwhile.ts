/**
 * Two commands to the same agent at the same moment: the second is made on a
 * record that the first has changed.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import { MAX_COMMAND_ATTEMPTS } from "../limits.ts";
import type { AgentEntry } from "../registry.ts";

/** The refusal of a command to agents of which one's record is not as it was read. Nothing was stored or done. */
export class ChangedMeanwhile extends AppError {
  constructor(entries: readonly AgentEntry[]) {
    const names = entries.map(({ record }) => `"${record.config.name}"`);
    super(
      "AGENT_STATE_CONFLICT",
      `Agent ${
        names.join(" or ")
      } was changed by somebody else at the same moment; look at it and try again`,
      { status: 409 },
    );
  }
}

/**
 * Runs a command that says what is wanted whatever came before it, such as a
 * stop, or looks itself whether that still fits. Where another command came
 * between it is judged and run anew, on what that one has left.
 *
 * @throws {ChangedMeanwhile} if others come between again and again.
 */
export async function overtakenOrDone<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      // deno-lint-ignore no-await-in-loop -- attempts follow each other
      return await run();
    } catch (error) {
      const isOvertaken = error instanceof ChangedMeanwhile;
      if (!isOvertaken || attempt === MAX_COMMAND_ATTEMPTS) throw error;
    }
  }
}
