import { noSuchAction } from "../actions.ts";
import { type Command, type CommandContext } from "../command.ts";
import { EXIT } from "../errors.ts";
import { writeJson } from "../output.ts";
import { askProof } from "./fresh_proof.ts";

const ACTIONS = ["enrol", "confirm", "prove", "remove"] as const;

/** `factor`: the second factor of the person who is logged in. */
export const factorCommand: Command = {
  name: "factor",
  usage: "[enrol | confirm | prove | remove]",
  summary: "Set up, prove or remove your second factor",
  details: [
    "enrol     begin: prints what your authenticator needs; the password is asked for",
    "confirm   end it with the first code; prints recovery codes, once",
    "prove     a fresh proof for this login, good for five minutes: by a code, or by your",
    "          password where you have no second factor",
    "remove    remove it with one of its codes",
    "",
    "Codes and passwords are asked for without echo, or read from standard input.",
  ],
  options: {},
  operands: { min: 0, max: 1, what: "action" },
  run: async (context) => {
    const [action] = context.operands;
    switch (action) {
      case undefined:
        return await view(context);
      case "enrol":
        return await enrol(context);
      case "confirm":
        return await confirm(context);
      case "prove": {
        const client = await context.client();
        const { freshUntil } = await client.stepUp(await askProof(context));
        context.io.stderr(`Proven until ${freshUntil}\n`);
        return EXIT.ok;
      }
      case "remove":
        await (await context.client()).removeFactor(
          await secret(context, CODE),
        );
        context.io.stderr("Your second factor is removed\n");
        return EXIT.ok;
      default:
        throw noSuchAction("factor", action, ACTIONS);
    }
  },
};

const CODE = "Code of your authenticator, or a recovery code: ";

async function view(context: CommandContext): Promise<number> {
  const state = await (await context.client()).secondFactor();
  if (context.isJson) writeJson(context.io, state);
  else if (!state.isEnrolled) {
    context.io.stdout(
      state.passkeys > 0
        ? `Your second factor is a passkey, which needs a browser; for codes at the terminal add an authenticator at ${context.server}/settings/second-factor\n`
        : "You have no second factor; set one up: deno task agent factor enrol\n",
    );
  } else {
    context.io.stdout(
      `Your second factor is set up, ${state.recoveryCodesLeft} recovery codes are left; ${
        state.freshUntil === null
          ? "this login has no fresh proof"
          : `proven until ${state.freshUntil}`
      }\n`,
    );
  }
  return EXIT.ok;
}

async function enrol(context: CommandContext): Promise<number> {
  const password = await secret(context, "Password: ");
  const answer = await (await context.client()).enrolFactor(password);
  if (context.isJson) writeJson(context.io, answer);
  else {
    context.io.stdout(
      `Enter this secret into your authenticator: ${answer.secret}\nOr make a QR code of: ${answer.uri}\n`,
    );
    context.io.stderr("Then: deno task agent factor confirm\n");
  }
  return EXIT.ok;
}

async function confirm(context: CommandContext): Promise<number> {
  const code = await secret(context, "First code of your authenticator: ");
  const answer = await (await context.client()).confirmFactor(code);
  if (context.isJson) writeJson(context.io, answer);
  else {
    context.io.stderr(
      "Your second factor is set up. Keep these codes where your authenticator is not; each works once:\n",
    );
    context.io.stdout(`${answer.recoveryCodes.join("\n")}\n`);
  }
  return EXIT.ok;
}

async function secret(
  { io }: CommandContext,
  prompt: string,
): Promise<string> {
  const text = io.isInputTerminal
    ? await io.readSecret(prompt)
    : (await io.readInput()).split(/\r?\n/, 1)[0]!;
  return text.trim();
}
