import type { AuditCheck, AuditRecord } from "../../contracts/audit_trail.ts";
import { noSuchAction } from "../actions.ts";
import type { ApiClient } from "../api_client.ts";
import { type Command, type CommandContext, textOption } from "../command.ts";
import { EXIT, usageError } from "../errors.ts";
import { formatTime, plain, writeJson, writeTable } from "../output.ts";
import { sinceOf } from "../since.ts";

const VERBS = ["verify", "export"] as const;
const FILTERS = ["stream", "actor", "action", "target", "outcome"] as const;
const DEFAULT_ENTRIES = 50;

/** Most entries that one command shows; older ones are left out with a message. */
const MAX_ENTRIES = 10_000;
const PAGE_ENTRIES = 200;

/** `audit`: who did what, and whether anybody has changed it since. */
export const auditCommand: Command = {
  name: "audit",
  usage:
    "[verify | export] [--actor A] [--action A] [--target T] [--outcome O] [--request R] [--since T] [--until T]",
  summary: "Show, verify or export the audit trail",
  details: [
    "--stream S    commands (what was changed) or access (logins, refusals, use of keys)",
    "--actor A     an id, or a part of a name",
    "--action A    an action such as agent.config, or a first part with a dot: agent.",
    "--target T    an id, or a part of it",
    "--outcome O   ok or refused",
    "--request R   the id of an HTTP request: everything that it caused",
    "--since T     from a time (2026-09-01T12:00Z) or a span back (90s 10m 2h 1d); --until likewise,",
    "              a day as --until included. A time without zone is UTC",
    `--limit N     how many entries (${DEFAULT_ENTRIES})`,
    "",
    "verify        what the server's own check knows: exit code 1 if the chain is broken.",
    "              To check a copy without trusting the server: deno task audit verify",
    "export        the whole trail with its hashes, one JSON document a line",
    "Needs the role risk.",
  ],
  options: {
    stream: { type: "string" },
    actor: { type: "string" },
    action: { type: "string" },
    target: { type: "string" },
    outcome: { type: "string" },
    request: { type: "string" },
    since: { type: "string" },
    until: { type: "string" },
    limit: { type: "string" },
  },
  operands: { min: 0, max: 1, what: "word" },
  run: async (context) => {
    const [verb] = context.operands;
    switch (verb) {
      case undefined:
        return await list(context, queryOf(context));
      case "verify":
        return verify(context, await (await context.client()).auditCheck());
      case "export":
        return await exportAll(context, await context.client());
      default:
        throw noSuchAction("audit", verb, VERBS);
    }
  },
};

function queryOf(context: CommandContext): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of FILTERS) {
    const value = textOption(context.values, name);
    if (value !== undefined) query.set(name, value);
  }
  const request = textOption(context.values, "request");
  if (request !== undefined) query.set("requestId", request);
  const since = sinceOf(context);
  const until = sinceOf(context, "until");
  if (since !== null) query.set("from", String(since));
  // What is named is in it; the server leaves out its own end.
  if (until !== null) query.set("to", String(until + 1));
  return query;
}

function limitOf({ values }: CommandContext): number {
  const text = textOption(values, "limit");
  if (text === undefined) {
    return values["since"] === undefined ? DEFAULT_ENTRIES : MAX_ENTRIES;
  }
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_ENTRIES) {
    return limit;
  }
  throw usageError(
    `--limit is "${text}"; give a whole number from 1 to ${MAX_ENTRIES}`,
  );
}

async function list(
  context: CommandContext,
  query: URLSearchParams,
): Promise<number> {
  const { io } = context;
  const limit = limitOf(context);
  const client = await context.client();
  const records: AuditRecord[] = [];
  let cursor: string | null = "";
  while (cursor !== null && records.length < limit) {
    query.set("limit", String(Math.min(PAGE_ENTRIES, limit - records.length)));
    query.set("cursor", cursor);
    // deno-lint-ignore no-await-in-loop -- a page is found by the one before
    const page = await client.audit(String(query));
    records.push(...page.items);
    cursor = page.nextCursor;
  }
  if (context.isJson) writeJson(io, records);
  else if (records.length > 0) writeRecords(context, records);
  if (records.length === 0) io.stderr("No entry of the audit trail matches\n");
  else if (cursor !== null) {
    io.stderr(`There are older entries; --limit N shows more than ${limit}\n`);
  }
  return EXIT.ok;
}

function writeRecords(
  { io }: CommandContext,
  records: readonly AuditRecord[],
): void {
  writeTable(io, records, [
    { title: "TIME", value: ({ at }) => formatTime(at) },
    { title: "WHO", value: ({ actor }) => actor.name },
    { title: "VIA", value: ({ via }) => via },
    { title: "ACTION", value: ({ action }) => action },
    { title: "TARGET", value: ({ target }) => target },
    {
      title: "OUTCOME",
      value: ({ outcome }) => outcome,
      color: ({ outcome }) => outcome === "refused" ? "yellow" : null,
    },
    { title: "WHY", value: ({ reason }) => reason },
    { title: "ENTRY", value: ({ stream, n }) => `${stream}/${n}` },
  ]);
}

function verify({ io, isJson }: CommandContext, check: AuditCheck): number {
  const code = check.ok ? EXIT.ok : EXIT.failed;
  if (isJson) {
    writeJson(io, check);
    return code;
  }
  io.stdout(`${plain(check.detail)}\n`);
  if (check.checkpointTrouble !== null) {
    io.stderr(`${plain(check.checkpointTrouble)}\n`);
  }
  if (check.key !== null) {
    io.stdout(`Checkpoints are signed by the key ${plain(check.key)}\n`);
  }
  return code;
}

async function exportAll(
  { io }: CommandContext,
  client: ApiClient,
): Promise<number> {
  const { body } = await client.auditExport();
  for await (const bytes of body ?? []) io.stdoutBytes(bytes);
  return EXIT.ok;
}
