import type { Command } from "./command.ts";

const INVOCATION = "deno task agent";

/** Options that every command has. */
const COMMON_LINES = [
  "--server URL     the server (http://localhost:3001, or API_BASE_URL)",
  "--json           data as JSON",
  "-h, --help       this text",
];

/** The list of commands. */
export function overview(commands: readonly Command[]): string {
  const widest = Math.max(...commands.map((command) => command.name.length));
  return [
    `Usage: ${INVOCATION} COMMAND [options]`,
    "",
    "Spawn, watch and control trading agents through the HTTP API of a running server.",
    "",
    "Commands:",
    ...commands.map(({ name, summary }) =>
      `  ${name.padEnd(widest)}  ${summary}`
    ),
    `  ${"help".padEnd(widest)}  Show this list, or how one command is used`,
    "",
    "Options of every command:",
    ...COMMON_LINES.map((line) => `  ${line}`),
    "  --version        without a command: the version of this program",
    "",
    "Environment: API_BASE_URL, API_TIMEOUT, AGENT_TOKEN, NO_COLOR",
    "Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 conflict or stale,",
    "            5 refused (login, role, risk), 6 server unreachable",
    "",
  ].join("\n");
}

/** How one command is used. */
export function commandHelp(command: Command): string {
  const indent = (lines: readonly string[]) =>
    lines.map((line) => line === "" ? "" : `  ${line}`);
  return [
    `Usage: ${INVOCATION} ${command.name} ${command.usage}`.trimEnd(),
    "",
    command.summary,
    ...(command.details.length === 0 ? [] : ["", ...indent(command.details)]),
    "",
    "Options of every command:",
    ...indent(COMMON_LINES),
    "",
  ].join("\n");
}
