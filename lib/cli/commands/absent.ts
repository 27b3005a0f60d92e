import { type Command, type CommandContext, resolveAgent } from "../command.ts";
import { EXIT, usageError } from "../errors.ts";
import { plain, writeJson } from "../output.ts";
import { reasonOf } from "./control.ts";
import { withFreshProof } from "./fresh_proof.ts";

/** `absent`: what nobody but a person can know of an order without an answer. */
export const absentCommand: Command = {
  name: "absent",
  usage: "AGENT ORDER --reason TEXT",
  summary: "Say that an order without an answer is not at the exchange",
  details: [
    "--reason TEXT    what you have seen there; kept in the audit trail",
    "",
    "ORDER is the id that deno task agent show AGENT tells of an unknown order. The",
    "exchange must have said for a minute that it does not know it, and is asked once",
    "more. Needs the role risk and a fresh proof.",
  ],
  options: { reason: { type: "string" } },
  operands: { min: 2, max: 2, what: "agent and order" },
  run: settle,
};

async function settle(context: CommandContext): Promise<number> {
  const { io, isJson } = context;
  const [name, orderId] = context.operands as [string, string];
  const reason = reasonOf(context);
  if (reason === "") {
    throw usageError(
      'Say what you have seen at the exchange: --reason "in no list of orders or trades"',
    );
  }
  const client = await context.client();
  const { id } = await resolveAgent(client, name);
  const agent = await withFreshProof(
    context,
    () => client.settleOrder(id, orderId, reason),
  );
  if (isJson) writeJson(io, { id, orderId, outcome: "absent" });
  else io.stdout(`${plain(agent.name)}\torder ${plain(orderId)} is absent\n`);
  return EXIT.ok;
}
