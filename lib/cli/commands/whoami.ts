import {
  ACTION_WORDS,
  proofWord,
  wordOf,
} from "../../contracts/action_words.ts";
import type { MeResponse } from "../../contracts/auth.ts";
import type { Action } from "../../contracts/policy.ts";
import type { Command } from "../command.ts";
import { EXIT } from "../errors.ts";
import { type Column, plain, writeJson, writeTable } from "../output.ts";

/** `whoami`: who is logged in, and what this login may do. */
export const whoamiCommand: Command = {
  name: "whoami",
  usage: "",
  summary: "Show who is logged in and what this login may do",
  details: [
    "TO WHAT is your own, anybody's, or everywhere for what has no owner.",
    "FRESH PROOF says when a code of your second factor is asked for.",
    "Of an API token only what it was made for is shown.",
  ],
  options: {},
  operands: { min: 0, max: 0, what: "" },
  run: async (context) => {
    const { io } = context;
    const me = await (await context.client()).me();
    if (context.isJson) {
      writeJson(io, me);
      return EXIT.ok;
    }
    io.stderr(
      `${plain(me.user.email)}, role ${me.user.role}, may do this:\n`,
    );
    writeTable(io, me.actions, columnsOf(me));
    return EXIT.ok;
  },
};

function columnsOf({ reach }: MeResponse): readonly Column<Action>[] {
  return [
    { title: "ACTION", value: (action) => action },
    // A newer server may know actions that this program has no words for.
    { title: "MEANING", value: (action) => ACTION_WORDS[action] ?? null },
    {
      title: "TO WHAT",
      value: (action) =>
        action in ACTION_WORDS
          ? wordOf(reach[action] ?? null, action)
          : reach[action] ?? null,
    },
    {
      title: "FRESH PROOF",
      value: (action) => action in ACTION_WORDS ? proofWord(action) : null,
    },
  ];
}
