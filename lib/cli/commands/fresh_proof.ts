import type { CommandContext } from "../command.ts";
import { CliError } from "../errors.ts";

/**
 * Runs a command that may need a fresh proof of the second factor. Where the
 * server wants one and a person sits at the terminal, the code is asked for,
 * proven, and the command repeated; elsewhere the refusal stands.
 */
export async function withFreshProof<T>(
  { io, client }: CommandContext,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const isNeeded = error instanceof CliError &&
      error.problem?.code === "FRESH_PROOF_NEEDED";
    if (!isNeeded || !io.isInputTerminal) throw error;
    io.stderr("This needs a fresh proof that it is you\n");
    const code = await io.readSecret(
      "Code of your authenticator, or a recovery code: ",
    );
    await (await client()).stepUp(code.trim());
    return await run();
  }
}
