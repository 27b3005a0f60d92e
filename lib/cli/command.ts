import type { ParseArgsConfig } from "node:util";
import { type ApiClient, createApiClient } from "./api_client.ts";
import { createBearer } from "./bearer.ts";
import { CliError, EXIT, usageError } from "./errors.ts";
import type { CliIo } from "./io.ts";
import { suggest } from "../core/nearest.ts";

/** Options of a command, as node:util parses them. */
export type OptionSpecs = NonNullable<ParseArgsConfig["options"]>;

/** Parsed options by name. */
export type OptionValues = Readonly<
  Record<string, string | boolean | (string | boolean)[] | undefined>
>;

/** One command of the command line. */
export interface Command {
  name: string;
  /** What follows the name. */
  usage: string;
  /** One line for the list of commands. */
  summary: string;
  /** Options and examples, one a line. */
  details: readonly string[];
  options: OptionSpecs;
  /** How many things it is about: agents, for instance. */
  operands: { min: number; max: number; what: string };
  run(context: CommandContext): Promise<number>;
}

/** What a command works with. */
export interface CommandContext {
  io: CliIo;
  server: string;
  values: OptionValues;
  operands: readonly string[];
  isJson: boolean;
  client(): Promise<ApiClient>;
}

/** Options of every command. */
export const COMMON_OPTIONS: OptionSpecs = {
  server: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
};

/** Makes the context of a run. */
export function createContext(
  io: CliIo,
  parsed: { values: OptionValues; operands: readonly string[] },
): CommandContext {
  const server = serverOf(io, textOption(parsed.values, "server"));
  return {
    io,
    server,
    values: parsed.values,
    operands: parsed.operands,
    isJson: parsed.values["json"] === true,
    // deno-lint-ignore require-await -- what is wrong with AGENT_TOKEN is a rejection
    client: async () =>
      createApiClient({ server, bearer: createBearer(io, server), io }),
  };
}

/** A text option, or undefined. */
export function textOption(
  values: OptionValues,
  name: string,
): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/** A text option that must be there. */
export function requiredOption(
  context: CommandContext,
  name: string,
  example: string,
): string {
  const value = textOption(context.values, name)?.trim();
  if (value === undefined || value === "") {
    throw usageError(`Give --${name}, for instance --${name} ${example}`);
  }
  return value;
}

/** An option that may be given several times. */
export function listOption(
  values: OptionValues,
  name: string,
): readonly string[] {
  const value = values[name];
  return Array.isArray(value)
    ? value.filter((item) => typeof item === "string")
    : [];
}

const AGENT_ID = /^agt_[0-9A-Z]{26}$/;

/**
 * Finds an agent by id or by name.
 *
 * @throws {CliError} Not found (3), or several agents of that name (4).
 */
export async function resolveAgent(
  client: ApiClient,
  idOrName: string,
): Promise<{ id: string; name: string }> {
  if (AGENT_ID.test(idOrName)) return { id: idOrName, name: idOrName };
  const all = await client.listAgents({});
  const wanted = idOrName.trim().toLowerCase();
  const found = all.filter((agent) => agent.name.toLowerCase() === wanted);
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  if (first !== undefined) {
    throw new CliError(
      `${found.length} agents are named "${idOrName}": ${
        found.map((agent) => agent.id).join(", ")
      }`,
      {
        exitCode: EXIT.conflict,
        next: "Repeat the command with one of the ids",
      },
    );
  }
  const names = all.map((agent) => agent.name);
  throw new CliError(
    `There is no agent "${idOrName}".${suggest(idOrName, names)}`,
    { exitCode: EXIT.notFound, next: "List the agents: deno task agent list" },
  );
}

/** The server's origin: option, then API_BASE_URL (with or without `/api`), then this machine. */
function serverOf(io: CliIo, option: string | undefined): string {
  const fromEnv = io.env("API_BASE_URL")?.trim();
  const text = option ?? (fromEnv || "http://localhost:3001");
  const name = option === undefined ? "API_BASE_URL" : "--server";
  const url = URL.canParse(text) ? new URL(text) : null;
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
  if (url === null || !isHttp || url.username !== "" || url.password !== "") {
    throw usageError(
      `${name} is "${text}"; give an address such as http://localhost:3001`,
    );
  }
  const path = url.pathname.replace(/\/+$/, "").replace(/\/api$/, "");
  return `${url.origin}${path}`;
}
