import type { CommandContext } from "../command.ts";
import { usageError } from "../errors.ts";
import { plain } from "../output.ts";

/**
 * Asks for the name of what is to be deleted; `--yes` answers for paper only.
 *
 * @throws {CliError} If it is not confirmed.
 */
export async function confirmDeletion(
  { io, values }: CommandContext,
  { name, mode }: { name: string; mode: string },
): Promise<void> {
  const isLive = mode === "live";
  // --yes never covers real money.
  if (values["yes"] === true && !isLive) return;
  if (!io.isInputTerminal) {
    if (!isLive) return;
    throw usageError(
      `"${name}" trades real money; delete it on a terminal, where its name is asked for`,
    );
  }
  const answer = await io.readLine(
    `Delete "${plain(name)}" for good? Type its name: `,
  );
  if (answer.trim() !== name) {
    throw usageError(`"${name}" was not deleted: the name differs`);
  }
}
