/**
 * A machine for the command line: memory instead of terminal and files, and a
 * real server of the API on a free port.
 */
import { Buffer } from "node:buffer";
import { type CliIo, runCli } from "../../../lib/cli/mod.ts";
import { createWorld, type World } from "../api/world.ts";

/** What a command left behind. */
export interface Run {
  exitCode: number;
  out: string;
  /** What went to standard output as bytes. */
  bytes: Uint8Array;
  err: string;
}

export interface Machine extends AsyncDisposable {
  world: World;
  server: string;
  env: Record<string, string>;
  files: Map<string, string>;
  /** Permission bits of files and folders. */
  modes: Map<string, number>;
  /** What the machine itself is asked. */
  machine: {
    freeBytes: number | null;
    settingFaults: string[];
    startWorker(): Promise<number>;
  };
  io: CliIo;
  /** Answers to questions, in order. */
  answers: string[];
  /** Standard input. */
  input: { text: string };
  /** Total time that commands slept. */
  slept: { ms: number };
  interrupt: AbortController;
  /** Runs a command line as it would be typed. */
  run(...argv: string[]): Promise<Run>;
}

/** Starts a server and a machine that is logged in there as an admin. */
export function createMachine(): Machine {
  const world = createWorld();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request, info) =>
      world.api(request, { remoteAddress: info.remoteAddr.hostname }),
  );
  const address = `http://127.0.0.1:${server.addr.port}`;
  const env: Record<string, string> = {
    API_BASE_URL: `${address}/api`,
    AGENT_TOKEN: world.tokens.admin,
    HOME: "/home/me",
  };
  const files = new Map<string, string>();
  const answers: string[] = [];
  const input = { text: "" };
  const slept = { ms: 0 };
  const modes = new Map<string, number>();
  const machine = {
    freeBytes: 9 * 1024 ** 3 as number | null,
    settingFaults: [] as string[],
    startWorker: () => Promise.resolve(12),
  };
  const interrupt = new AbortController();
  let out = "";
  let written: Uint8Array[] = [];
  let err = "";
  let made = 0;
  const answer = (prompt: string) => {
    err += prompt;
    return Promise.resolve(answers.shift() ?? "");
  };
  const io: CliIo = {
    stdout: (text) => void (out += text),
    stdoutBytes: (bytes) => void written.push(bytes),
    stderr: (text) => void (err += text),
    isTerminal: false,
    isInputTerminal: false,
    env: (name) => env[name],
    fetch: (url, init) => fetch(url, init),
    readSecret: answer,
    readLine: answer,
    readInput: () => Promise.resolve(input.text),
    readFile: (path) => Promise.resolve(files.get(path) ?? null),
    listFolder: (path) =>
      Promise.resolve([
        ...new Set(
          [...files.keys()].filter((name) => name.startsWith(`${path}/`))
            .map((name) => name.slice(path.length + 1).split("/")[0]!),
        ),
      ]),
    writePrivateFile: (path, text) => {
      files.set(path, text);
      return Promise.resolve();
    },
    removeFile: (path) => {
      files.delete(path);
      return Promise.resolve();
    },
    fileMode: (path) => Promise.resolve(modes.get(path) ?? null),
    freeBytes: () => Promise.resolve(machine.freeBytes),
    settingFaults: () => machine.settingFaults,
    startWorker: () => machine.startWorker(),
    sleep: (ms) => {
      slept.ms += ms;
      world.clock.now += ms;
      return Promise.resolve();
    },
    now: () => world.clock.now,
    random: () => 0.5,
    uuid: () => `key-${++made}`,
    interrupt: interrupt.signal,
  };
  return {
    world,
    modes,
    machine,
    server: address,
    env,
    files,
    io,
    answers,
    input,
    slept,
    interrupt,
    run: async (...argv) => {
      out = "";
      written = [];
      err = "";
      const exitCode = await runCli(argv, io);
      const bytes = new Uint8Array(Buffer.concat(written));
      return { exitCode, out, bytes, err };
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
