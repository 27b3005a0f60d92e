import type { Command, CommandContext } from "../command.ts";
import { EXIT, usageError } from "../errors.ts";
import { withFreshProof } from "./fresh_proof.ts";

/** `passwd`: the password of the person who is logged in. */
export const passwdCommand: Command = {
  name: "passwd",
  usage: "",
  summary: "Change your password; every other login of yours ends",
  details: [
    "The new password is asked for twice without echo, or read from the first line of",
    "standard input. It wants a fresh proof that it is you: asked for on a terminal,",
    "elsewhere first: deno task agent factor prove.",
  ],
  options: {},
  operands: { min: 0, max: 0, what: "" },
  run: async (context) => {
    const newPassword = await read(context);
    const client = await context.client();
    await withFreshProof(context, () => client.changePassword(newPassword));
    context.io.stderr(
      "Your password is changed; every other login of yours has ended\n",
    );
    return EXIT.ok;
  },
};

async function read({ io }: CommandContext): Promise<string> {
  if (!io.isInputTerminal) {
    const first = (await io.readInput()).split(/\r?\n/)[0] ?? "";
    if (first === "") {
      throw usageError("Standard input has no password in its first line");
    }
    return first;
  }
  const password = await io.readSecret("New password: ");
  if (password === "") throw usageError("No password was entered");
  if (await io.readSecret("New password again: ") !== password) {
    throw usageError("The two passwords differ; enter the same one twice");
  }
  return password;
}
