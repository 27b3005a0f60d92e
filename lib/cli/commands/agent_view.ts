import type { ApiClient } from "../api_client.ts";
import { type Command, resolveAgent } from "../command.ts";
import { EXIT } from "../errors.ts";
import type { CliIo } from "../io.ts";
import { writeJson } from "../output.ts";

/** What one command shows of one agent. */
export interface AgentViewOptions<T> extends Pick<Command, "name" | "summary"> {
  /** Lines of the help; what AGENT is where none are given. */
  details?: readonly string[];
  read(client: ApiClient, id: string): Promise<T>;
  /** Writes it for people; a program gets JSON. */
  write(io: CliIo, answer: T): void;
}

/** A command that shows something of one agent, which is named by its id or its name. */
export function agentViewCommand<T>(
  { read, write, details, ...words }: AgentViewOptions<T>,
): Command {
  return {
    ...words,
    usage: "AGENT",
    details: details ?? ["AGENT is an id or a unique name."],
    options: {},
    operands: { min: 1, max: 1, what: "agent" },
    run: async (context) => {
      const client = await context.client();
      const { id } = await resolveAgent(client, context.operands[0]!);
      const answer = await read(client, id);
      if (context.isJson) writeJson(context.io, answer);
      else write(context.io, answer);
      return EXIT.ok;
    },
  };
}
