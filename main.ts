/**
 * The server: environment → platform → pages and API on one port. Drains on
 * SIGTERM and SIGINT, and when the parent that started it is gone. Started by
 * `deno task start` with exact permissions.
 *
 * @module
 */
import { keepQueriesOutOfSpans } from "./actors/telemetry.ts";
import { App, type Middleware, staticFiles } from "fresh";
import { appConfig } from "./fresh.config.ts";
import type { PageState } from "./lib/api/page_state.ts";
import { AppError } from "./lib/core/errors.ts";
import { EnvError, parseEnv } from "./lib/core/env.ts";
import { EXIT_CODES } from "./lib/core/exit_codes.ts";
import { type Console, createConsole } from "./lib/server/console.ts";
import { createHostEnd } from "./lib/server/host_end.ts";
import { paintingOf } from "./lib/server/painting.ts";
import { type Platform, startPlatform } from "./lib/server/platform.ts";

const ROOT = new URL("./", import.meta.url);
/** Given by `deno task start`: a parent starts this process again, and holds its standard input open. */
const isSupervised = Deno.args.includes("--supervised");

/** How lines are written before the environment is read as a whole, and when it cannot be. */
function earlyFormat(): "json" | "text" {
  return Deno.env.get("LOG_FORMAT")?.trim() === "json" ? "json" : "text";
}

/** The way out of this process. */
const hostEnd = createHostEnd({
  console: createConsole("info", earlyFormat()),
  exit: (code) => Deno.exit(code),
});

/** Started once, by `serve` or by the first request of a development server. */
let platform: Promise<Platform> | null = null;

/** Serves a platform that somebody else started and ends; for tests of the whole. */
export function servePlatform(started: Platform): void {
  platform = Promise.resolve(started);
}

function openPlatform(): Promise<Platform> {
  return platform ??= start();
}

async function start(): Promise<Platform> {
  const env = parseEnv((name) => Deno.env.get(name));
  const console = createConsole(env.LOG_LEVEL, env.LOG_FORMAT);
  const started = await startPlatform({
    env,
    root: ROOT,
    console,
    ...(isSupervised ? { onRecycle: recycle } : {}),
    // Whatever it would still write is refused by the store.
    onFenced: () => Deno.exit(EXIT_CODES.recycle),
    onDrainWanted: () => void hostEnd.begin("Somebody drains this host"),
    ...(import.meta.main ? { loading: loadPages() } : {}),
  });
  // Under `deno task dev` somebody else listens; the address is the same.
  if (!import.meta.main) offerSetup(console, started, env.PORT);
  return started;
}

/** Ends this process in order, for the parent to start a fresh one at once. */
function recycle(detail: string): void {
  void hostEnd.begin(`Starting afresh (${detail})`, EXIT_CODES.recycle);
}

/** On the first start: where the first account is made. */
function offerSetup(
  console: Console,
  { setupToken }: Platform,
  port: number,
): void {
  if (setupToken === null) return;
  console.offer(
    `First start: create your account at http://localhost:${port}/setup?token=${setupToken}`,
  );
}

/** Gives every request the services and who asks. */
const withState: Middleware<PageState> = async (ctx) => {
  const { services } = await openPlatform();
  const identity = isApi(ctx.url) ? null : await services.identify(ctx.req);
  Object.assign(ctx.state, {
    services,
    identity,
    user: identity?.user ?? null,
    ...isApi(ctx.url) ? {} : await paintingOf(ctx.req, {
      services,
      userId: identity?.user.id ?? null,
    }),
  });
  return await ctx.next();
};

function isApi(url: URL): boolean {
  const { pathname } = url;
  return pathname === "/api" || pathname.startsWith("/api/") ||
    pathname === "/metrics";
}

/** An app behind the front door, whoever serves it. */
class GuardedApp extends App<PageState> {
  override handler(): ReturnType<App<PageState>["handler"]> {
    const answer = super.handler();
    return async (request, info) => {
      const { services } = await openPlatform();
      const { remoteAddr } = (info ?? {}) as Partial<
        Deno.ServeHandlerInfo<Deno.NetAddr>
      >;
      return await services.enter(request, {
        peer: remoteAddr?.hostname ?? "",
        next: (admitted) => answer(admitted, info),
      });
    };
  }
}

/** The pages and the API. */
export const app: App<PageState> = new GuardedApp(appConfig)
  .use(staticFiles())
  .use(withState)
  .fsRoutes();

let pages: Promise<ReturnType<typeof app.handler>> | null = null;

/** The handler with its routes and islands, which are in the build. */
function loadPages(): Promise<ReturnType<typeof app.handler>> {
  return pages ??= import(new URL("_fresh/server.js", ROOT).href)
    .then(() => app.handler());
}

async function serve(): Promise<void> {
  const env = parseEnv((name) => Deno.env.get(name));
  const console = createConsole(env.LOG_LEVEL, env.LOG_FORMAT);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => void hostEnd.begin(signal));
  }
  // For an operator at the machine; a system without it has the file in the data folder.
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGUSR2", () => void haltAll(console));
  }
  if (isSupervised) void endWithParent();
  // The port first: a server that nobody can reach must not trade. Requests wait for pages and platform.
  const server = Deno.serve(
    { hostname: env.HOST, port: env.PORT, onListen: () => {} },
    async (request, info) => await (await loadPages())(request, info),
  );
  // Together: after a crash, workers start on other threads while the pages are loaded on this one.
  const [opened] = await Promise.all([openPlatform(), loadPages()]);
  hostEnd.serve({
    drain: (reason) => opened.drain(reason),
    shutdown: () => server.shutdown(),
  });
  const { hostname, port } = server.addr;
  const shown = hostname === "127.0.0.1" ? "localhost" : hostname;
  console.info(`Listening on http://${shown}:${port}`);
  offerSetup(console, opened, port);
}

/** Blocks every agent. Where this isolate is stuck, a file in the data folder does the same. */
async function haltAll(console: Console): Promise<void> {
  const { fleet } = (await openPlatform()).services;
  const { detail } = await fleet.emergency.blockAll("Signal SIGUSR2");
  console.info(`Emergency stop by SIGUSR2: ${detail}`);
}

/** Drains when the parent is gone, whatever ended it: its next start needs the port and the data folder. */
async function endWithParent(): Promise<void> {
  // Nothing is ever sent; the end of the stream is the news.
  for await (const _ of Deno.stdin.readable);
  await hostEnd.begin("The parent process has ended");
}

/** What went wrong, in one sentence where it is the user who can mend it. */
function explain(error: unknown): unknown {
  if (error instanceof EnvError || error instanceof AppError) {
    return error.message;
  }
  if (error instanceof Deno.errors.AddrInUse) {
    return "the port is in use by another program; stop it, or choose another port, for example PORT=3002";
  }
  return error;
}

/** Another start with the same data and the same build ends the same way. */
const FOLDER_CODES = [
  "DATA_DIR_IN_USE",
  "DATA_DIR_UNUSABLE",
  "VAULT_KEY_UNUSABLE",
  "STORE_VERSION_NEWER",
  "BACKUP_FAILED",
];

/** Tells the parent whether another try could help. */
function exitCodeOf(error: unknown): number {
  if (error instanceof EnvError) return EXIT_CODES.config;
  const isTaken = error instanceof Deno.errors.AddrInUse ||
    error instanceof AppError && FOLDER_CODES.includes(error.code);
  return isTaken ? EXIT_CODES.cannotStart : EXIT_CODES.failed;
}

if (import.meta.main) {
  keepQueriesOutOfSpans();
  serve().catch((error) => {
    createConsole("info", earlyFormat()).error("Cannot start", explain(error));
    Deno.exit(exitCodeOf(error));
  });
}
