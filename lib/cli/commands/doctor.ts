import type { HealthReport } from "../../contracts/health.ts";
import { type ApiClient, createApiClient } from "../api_client.ts";
import { NO_BEARER } from "../bearer.ts";
import type { Command, CommandContext } from "../command.ts";
import {
  clockVerdict,
  diskVerdict,
  folderVerdict,
  keyVerdicts,
  messageOf,
  partVerdict,
  settingsVerdict,
  type Verdict,
  versionVerdict,
  workerVerdict,
} from "../doctor_checks.ts";
import { CliError, EXIT } from "../errors.ts";
import { type Color, writeJson, writeTable } from "../output.ts";

/** `doctor`: whether everything that the platform needs is there. */
export const doctorCommand: Command = {
  name: "doctor",
  usage: "",
  summary: "Check settings, server, clocks, disk, workers and exchange keys",
  details: [
    "Each line is ok, warn or fail, with what to do next. Without a server it checks this",
    "machine and says how to start one. The parts of a server and its keys need a login.",
    "Exit codes: 0 nothing failed, 1 something did, 6 no server answers.",
  ],
  options: {},
  operands: { min: 0, max: 0, what: "" },
  run: async (context) => {
    const { io } = context;
    const here = [
      settingsVerdict(io),
      await folderVerdict(io, context.server),
      await workerVerdict(io),
    ];
    const asked = await askServer(context);
    const all = [
      ...here,
      ...asked.isUp ? [] : [await diskVerdict(io)],
      ...asked.verdicts,
    ];
    write(context, all);
    if (!asked.isUp) return EXIT.unreachable;
    return all.some(({ state }) => state === "fail") ? EXIT.failed : EXIT.ok;
  },
};

interface Asked {
  isUp: boolean;
  verdicts: readonly Verdict[];
}

/** First what every server tells everybody, then what the login may see. */
async function askServer(context: CommandContext): Promise<Asked> {
  const { io, server } = context;
  const name = "server";
  const anybody = createApiClient({ server, bearer: NO_BEARER, io });
  const askedAt = io.now();
  let report: HealthReport;
  try {
    report = await anybody.health();
  } catch (error) {
    const isSilent = error instanceof CliError &&
      error.exitCode === EXIT.unreachable;
    return {
      isUp: !isSilent,
      verdicts: [{
        name,
        state: "fail",
        detail: messageOf(error),
        next: error instanceof CliError ? error.next : null,
      }],
    };
  }
  const answeredAt = io.now();
  const serverAt = Date.parse(report.at);
  return {
    isUp: true,
    verdicts: [
      { name, state: "ok", detail: `${server} answers`, next: null },
      versionVerdict(report),
      clockVerdict({ serverAt, askedAt, answeredAt }),
      ...await askInside(context, report),
    ],
  };
}

async function askInside(
  context: CommandContext,
  report: HealthReport,
): Promise<readonly Verdict[]> {
  let client: ApiClient;
  try {
    client = await context.client();
    const { user } = await client.me();
    const { components } = await client.health();
    return [
      {
        name: "login",
        state: "ok",
        detail: `${user.email}, role ${user.role}`,
        next: null,
      },
      ...components?.map(partVerdict) ?? [wholeOf(report)],
      ...await keysOf(client),
    ];
  } catch (error) {
    return [{
      name: "login",
      state: "warn",
      detail: messageOf(error),
      next: error instanceof CliError ? error.next : null,
    }, wholeOf(report)];
  }
}

/** What is left to say where the parts may not be seen. */
function wholeOf({ state }: HealthReport): Verdict {
  return partVerdict({
    name: "state",
    state,
    cause: `The server says of itself: ${state}`,
    since: null,
  });
}

async function keysOf(client: ApiClient): Promise<readonly Verdict[]> {
  try {
    return keyVerdicts(await client.exchangeKeys());
  } catch (error) {
    return [{
      name: "exchange keys",
      state: "ok",
      detail: `Not looked at: ${messageOf(error)}`,
      next: null,
    }];
  }
}

const COLORS: Readonly<Record<Verdict["state"], Color>> = {
  ok: "green",
  warn: "yellow",
  fail: "red",
};

function write(
  { io, isJson }: CommandContext,
  checks: readonly Verdict[],
): void {
  if (isJson) {
    writeJson(io, {
      ok: checks.every(({ state }) => state !== "fail"),
      checks,
    });
    return;
  }
  writeTable(io, checks, [
    {
      title: "STATE",
      value: ({ state }) => state,
      color: ({ state }) => COLORS[state],
    },
    { title: "CHECK", value: ({ name }) => name },
    { title: "FOUND", value: ({ detail }) => detail },
  ]);
  for (const { name, next } of checks) {
    if (next !== null) io.stderr(`${name}: ${next}\n`);
  }
}
