import { proofWaysOf } from "../../contracts/proof_ways.ts";
import type { StepUpRequest } from "../../contracts/second_factor.ts";
import type { CommandContext } from "../command.ts";
import { CliError, EXIT } from "../errors.ts";

const CODE = "Code of your authenticator, or a recovery code: ";

/**
 * Runs a command that may need a fresh proof of who asks. Where the server wants
 * one and a person sits at the terminal, it is asked for, proven, and the
 * command repeated; elsewhere the refusal stands.
 */
export async function withFreshProof<T>(
  context: CommandContext,
  run: () => Promise<T>,
): Promise<T> {
  const { io, client } = context;
  try {
    return await run();
  } catch (error) {
    const isNeeded = error instanceof CliError &&
      error.problem?.code === "FRESH_PROOF_NEEDED";
    if (!isNeeded || !io.isInputTerminal) throw error;
    io.stderr("This needs a fresh proof that it is you\n");
    const proof = await askProof(context);
    await (await client()).stepUp(proof);
    return await run();
  }
}

/**
 * Asks for what this person proves with: a code of who has an authenticator,
 * the password of who has no second factor.
 *
 * @throws {CliError} Of who has passkeys only, which need a browser.
 */
export async function askProof(
  { io, client }: CommandContext,
): Promise<StepUpRequest> {
  const { typed } = proofWaysOf(await (await client()).secondFactor());
  const ask = async (prompt: string) =>
    io.isInputTerminal
      ? await io.readSecret(prompt)
      : (await io.readInput()).split(/\r?\n/, 1)[0]!;
  if (typed === "code") return { code: (await ask(CODE)).trim() };
  if (typed === null) throw needsBrowser();
  return { password: await ask("Your password: ") };
}

/** A passkey cannot be used at a terminal, and nothing stands in for it. */
export function needsBrowser(): CliError {
  return new CliError(
    "Your only second factor is a passkey, which needs a browser",
    {
      exitCode: EXIT.refused,
      next:
        "Do this in the panel, or set an authenticator up there: its codes work here",
    },
  );
}

/**
 * Logs in; where the server wants a second factor as well and a person sits at
 * the terminal, its code is asked for.
 *
 * @throws {CliError} Of who has passkeys only: how they use the command line.
 */
export async function withLoginCode<T>(
  { io, server }: CommandContext,
  login: (more: { code?: string }) => Promise<T>,
): Promise<T> {
  try {
    return await login({});
  } catch (error) {
    const isNeeded = error instanceof CliError &&
      error.problem?.code === "FACTOR_NEEDED";
    if (!isNeeded) throw error;
    if (!/with a code/.test(error.problem?.detail ?? "")) {
      throw passkeyOnly(error, server);
    }
    if (!io.isInputTerminal) throw error;
    return await login({ code: (await io.readSecret(CODE)).trim() });
  }
}

/** Who has passkeys only: a passkey proves in a browser that it is them, and what comes of it works here. */
function passkeyOnly({ problem }: CliError, server: string): CliError {
  return new CliError(
    "The password is right, but your only second factor is a passkey, which needs a browser",
    {
      exitCode: EXIT.refused,
      next:
        `Make an API token at ${server}/settings/tokens and set AGENT_TOKEN to it, ` +
        `or add an authenticator at ${server}/settings/second-factor and log in with its code`,
      ...(problem === null ? {} : { problem }),
    },
  );
}
