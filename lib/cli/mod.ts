/**
 * The command line: a client of the HTTP API.
 *
 * @module
 */
import { parseArgs } from "node:util";
import {
  type Command,
  COMMON_OPTIONS,
  createContext,
  type OptionValues,
} from "./command.ts";
import { absentCommand } from "./commands/absent.ts";
import { auditCommand } from "./commands/audit.ts";
import { backtestCommand } from "./commands/backtest.ts";
import { bundlesCommand } from "./commands/bundles.ts";
import { configCommand } from "./commands/config.ts";
import {
  controlCommands,
  deleteCommand,
  rearmCommand,
  stopCommand,
} from "./commands/control.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { factorCommand } from "./commands/factor.ts";
import { alertsCommand } from "./commands/alerts.ts";
import { keysCommand } from "./commands/keys.ts";
import { haltCommand, haltsCommand, releaseCommand } from "./commands/halt.ts";
import { hostsCommand } from "./commands/hosts.ts";
import { logsCommand } from "./commands/logs.ts";
import {
  loginCommand,
  logoutCommand,
  setupCommand,
} from "./commands/session.ts";
import { sessionsCommand } from "./commands/sessions.ts";
import { passwdCommand } from "./commands/passwd.ts";
import { usersCommand } from "./commands/users.ts";
import { spawnCommand } from "./commands/spawn.ts";
import {
  listCommand,
  performanceCommand,
  showCommand,
} from "./commands/views.ts";
import { teamCommand } from "./commands/team.ts";
import { templatesCommand } from "./commands/templates.ts";
import { tokensCommand } from "./commands/tokens.ts";
import { riskCommand } from "./commands/risk.ts";
import { recordingsCommand } from "./commands/recordings.ts";
import { resourcesCommand } from "./commands/resources.ts";
import { whoamiCommand } from "./commands/whoami.ts";
import { PRODUCT_VERSION } from "../core/version.ts";
import { EXIT, usageError } from "./errors.ts";
import { commandHelp, overview } from "./help.ts";
import type { CliIo } from "./io.ts";
import { suggest } from "../core/nearest.ts";
import { reportError } from "./report.ts";

export { EXIT } from "./errors.ts";
export type { CliIo } from "./io.ts";

/** Every command, in the order of the help text. */
export const COMMANDS: readonly Command[] = [
  setupCommand,
  loginCommand,
  logoutCommand,
  whoamiCommand,
  doctorCommand,
  templatesCommand,
  bundlesCommand,
  spawnCommand,
  listCommand,
  showCommand,
  ...controlCommands.slice(0, 3),
  stopCommand,
  ...controlCommands.slice(3),
  rearmCommand,
  absentCommand,
  deleteCommand,
  configCommand,
  teamCommand,
  haltCommand,
  haltsCommand,
  releaseCommand,
  logsCommand,
  performanceCommand,
  resourcesCommand,
  riskCommand,
  backtestCommand,
  recordingsCommand,
  factorCommand,
  keysCommand,
  alertsCommand,
  auditCommand,
  sessionsCommand,
  tokensCommand,
  usersCommand,
  passwdCommand,
  hostsCommand,
];

/** Runs one command line. @returns The exit code; never throws. */
export async function runCli(
  argv: readonly string[],
  io: CliIo,
): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    return reportError(io, error);
  }
}

async function dispatch(argv: readonly string[], io: CliIo): Promise<number> {
  const { name, rest } = splitCommand(argv);
  if (name === null) {
    if (argv.includes("--version")) {
      io.stdout(`${PRODUCT_VERSION}\n`);
      return EXIT.ok;
    }
    const wantsHelp = argv.includes("--help") || argv.includes("-h");
    if (wantsHelp) io.stdout(overview(COMMANDS));
    else io.stderr(overview(COMMANDS));
    return wantsHelp ? EXIT.ok : EXIT.usage;
  }
  if (name === "help") {
    const topic = splitCommand(rest).name;
    io.stdout(
      topic === null ? overview(COMMANDS) : commandHelp(findCommand(topic)),
    );
    return EXIT.ok;
  }
  const command = findCommand(name);
  const parsed = parse(command, rest);
  if (parsed.values["help"] === true) {
    io.stdout(commandHelp(command));
    return EXIT.ok;
  }
  checkOperands(command, parsed.operands);
  return await command.run(createContext(io, parsed));
}

/** The command is the first word that belongs to no option: `--server URL list` works too. */
function splitCommand(
  argv: readonly string[],
): { name: string | null; rest: readonly string[] } {
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index]!;
    if (word === "--server") index++;
    else if (!word.startsWith("-")) {
      return { name: word, rest: argv.toSpliced(index, 1) };
    }
  }
  return { name: null, rest: argv };
}

function findCommand(name: string): Command {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = [...COMMANDS.map((command) => command.name), "help"];
  throw usageError(
    `There is no command "${name}".${suggest(name, names)}`,
    "List the commands: deno task agent help",
  );
}

function parse(
  command: Command,
  args: readonly string[],
): { values: OptionValues; operands: readonly string[] } {
  const options = { ...COMMON_OPTIONS, ...command.options };
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      strict: true,
      allowPositionals: true,
    });
    return { values: values as OptionValues, operands: positionals };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const unknown = /^Unknown option '(--?[^']*)'/.exec(text)?.[1];
    const names = Object.keys(options).map((option) => `--${option}`);
    throw usageError(
      unknown === undefined
        ? text.split("\n")[0]!.split(". ")[0]!
        : `"${command.name}" has no option ${unknown}.${
          suggest(unknown, names)
        }`,
      `Read the usage: deno task agent ${command.name} --help`,
    );
  }
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const { min, max, what } = command.operands;
  const next = `Read the usage: deno task agent ${command.name} --help`;
  if (operands.length < min) {
    throw usageError(
      `"${command.name}" needs an ${what}: its id or its name`,
      next,
    );
  }
  if (operands.length > max) {
    throw usageError(
      `"${command.name}" takes ${
        max === 0 ? "no" : `only ${max}`
      } such word, but "${operands[max]}" was given`,
      next,
    );
  }
}
