/**
 * What `doctor` looks at, one function a question. Each answers with a verdict
 * and never throws for what it finds.
 *
 * @module
 */
import type { ExchangeKeyView } from "../contracts/exchange_key.ts";
import type {
  HealthComponent,
  HealthReport,
  HealthState,
} from "../contracts/health.ts";
import { PRODUCT_VERSION } from "../core/version.ts";
import type { CliIo } from "./io.ts";
import { loginFilePath } from "./token_file.ts";

/** One line of the doctor. */
export interface Verdict {
  name: string;
  state: "ok" | "warn" | "fail";
  detail: string;
  /** What to do; null where nothing needs to be done. */
  next: string | null;
}

/** A clock that is further off than this makes lines and candles hard to compare. */
const CLOCK_WARN_MS = 2_000;
/** And further than this, logins and exchanges refuse. */
const CLOCK_FAIL_MS = 30_000;
/** A worker that takes longer to start says that the machine is overloaded. */
const WORKER_SLOW_MS = 2_000;
const GIB = 1024 ** 3;

const ok = (name: string, detail: string): Verdict => ({
  name,
  state: "ok",
  detail,
  next: null,
});

/** Settings of the server as this shell and `.env` have them. */
export function settingsVerdict(
  { settingFaults }: Pick<CliIo, "settingFaults">,
): Verdict {
  const faults = settingFaults();
  if (faults.length === 0) return ok("settings", "Every setting can be read");
  return {
    name: "settings",
    state: "fail",
    detail: faults.map((fault) => fault.trim()).join("; "),
    next: "Correct them; deno task start --help lists every setting",
  };
}

/** Whether a worker can be started on this machine. */
export async function workerVerdict(
  { startWorker }: Pick<CliIo, "startWorker">,
): Promise<Verdict> {
  const name = "worker";
  try {
    const ms = Math.round(await startWorker());
    if (ms <= WORKER_SLOW_MS) return ok(name, `A worker starts in ${ms} ms`);
    return {
      name,
      state: "warn",
      detail: `A worker took ${ms} ms to start`,
      next: "See what else takes the processors of this machine",
    };
  } catch (error) {
    return {
      name,
      state: "fail",
      detail: `No worker can be started: ${messageOf(error)}`,
      next: "Use the Deno version that README names: deno --version",
    };
  }
}

/** Whether others can read the logins that are kept here. */
export async function folderVerdict(
  io: Pick<CliIo, "env" | "fileMode">,
  server: string,
): Promise<Verdict> {
  const name = "login folder";
  let file: string;
  try {
    file = loginFilePath(io, server);
  } catch (error) {
    return {
      name,
      state: "warn",
      detail: messageOf(error),
      next: "Set HOME, or give a token in AGENT_TOKEN",
    };
  }
  const folder = file.slice(0, file.lastIndexOf("/"));
  const open = [];
  for (const path of [folder, file]) {
    // deno-lint-ignore no-await-in-loop -- two files
    const mode = await io.fileMode(path);
    if (mode !== null && (mode & 0o077) !== 0) open.push({ path, mode });
  }
  const [first] = open;
  if (first === undefined) {
    return ok(name, `Nobody else can read ${folder}`);
  }
  return {
    name,
    state: "fail",
    detail: `Others on this machine may read ${first.path} (mode ${
      (first.mode & 0o777).toString(8)
    })`,
    next: `chmod -R go= ${folder}`,
  };
}

/** What the disk has left that the server's data would be on; for when no server tells. */
export async function diskVerdict(
  { env, freeBytes }: Pick<CliIo, "env" | "freeBytes">,
): Promise<Verdict> {
  const name = "disk";
  const folder = env("DATA_DIR")?.trim() || "data";
  const bytes = await freeBytes(`${folder}/emergency`);
  if (bytes === null) return ok(name, `Nothing is in ${folder} yet`);
  const detail = `${
    (bytes / GIB).toFixed(1)
  } GiB are left on the disk of ${folder}`;
  return bytes >= GIB ? ok(name, detail) : {
    name,
    state: "warn",
    detail,
    next: "Make room: a full disk stops new risk",
  };
}

/** Whether server and command line are of one build. */
export function versionVerdict(
  { version }: Pick<HealthReport, "version">,
): Verdict {
  if (version === PRODUCT_VERSION) return ok("version", `Both are ${version}`);
  return {
    name: "version",
    state: "warn",
    detail: `The server is ${version}, this program ${PRODUCT_VERSION}`,
    next: "Run the program from the folder that the server runs from",
  };
}

/** How far two clocks are apart, as far as the way between them lets it be known. */
export function clockVerdict(
  { serverAt, askedAt, answeredAt }: {
    serverAt: number;
    askedAt: number;
    answeredAt: number;
  },
): Verdict {
  const name = "clock";
  const apartMs = Math.round(serverAt - (askedAt + answeredAt) / 2);
  const doubtMs = Math.ceil((answeredAt - askedAt) / 2);
  const leastMs = Math.max(0, Math.abs(apartMs) - doubtMs);
  const detail = `The server's clock is ${Math.abs(apartMs)} ms ${
    apartMs < 0 ? "behind" : "ahead of"
  } this one, give or take ${doubtMs} ms`;
  if (leastMs <= CLOCK_WARN_MS) return ok(name, detail);
  return {
    name,
    state: leastMs > CLOCK_FAIL_MS ? "fail" : "warn",
    detail,
    next:
      "Let both machines set their clocks by the network: timedatectl set-ntp true",
  };
}

/** What to do about a part, by the beginning of its name. */
const NEXT_STEPS: readonly (readonly [string, string])[] = [
  [
    "store",
    "Look at the server's log; docs/operations.md, When the disk is full",
  ],
  ["storage", "Make room on the disk of DATA_DIR; new risk waits until then"],
  ["disk", "Make room on the disk of DATA_DIR"],
  ["desk", "Read why: deno task agent logs --level warning"],
  ["feeds", "See which agents wait: deno task agent list"],
  ["feed", "Read why: deno task agent logs --level warning"],
  [
    "supervisor",
    "See which agents: deno task agent list; start one: deno task agent restart AGENT",
  ],
  [
    "venues",
    "See the agent's page, and ask about its key: deno task agent keys test KEY",
  ],
  ["inference", "Fetch the runtime: deno task ml runtime"],
  ["streams", "End programs that listen and do not read"],
  ["audit", "Check it: deno task audit verify"],
  ["host", "Wait: the server starts itself afresh at a quiet moment"],
  ["drain", "Wait until the server is up again"],
];

/** A part of the server as a line. */
export function partVerdict(
  { name, state, cause, since }: HealthComponent,
): Verdict {
  const at = since === null || state === "ok" ? "" : ` (since ${since})`;
  const next = NEXT_STEPS.find(([start]) => name.startsWith(start))?.[1] ??
    "Read the server's log";
  return {
    name: `server ${name}`,
    state: VERDICT_OF[state],
    detail: `${cause}${at}`,
    next: state === "ok" ? null : next,
  };
}

const VERDICT_OF: Readonly<Record<HealthState, Verdict["state"]>> = {
  ok: "ok",
  degraded: "warn",
  down: "fail",
};

/** What the server knows of the keys, and so whether their exchanges answered. */
export function keyVerdicts(
  keys: readonly ExchangeKeyView[],
): readonly Verdict[] {
  if (keys.length === 0) return [ok("exchange keys", "No key is stored")];
  return keys.map((key) => {
    const { label, exchange, status, statusDetail } = key;
    const name = `key ${label}`;
    const detail = `${exchange}: ${status}. ${statusDetail}`;
    if (status === "verified") return ok(name, detail);
    return {
      name,
      state: "warn",
      detail,
      next: `Ask the exchange again: deno task agent keys test ${label}`,
    };
  });
}

/** The first line of what went wrong. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0]!;
}
