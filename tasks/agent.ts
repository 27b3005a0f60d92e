/**
 * `deno task agent …`: the command line on this machine.
 *
 * @module
 */
import { type CliIo, runCli } from "../lib/cli/mod.ts";
import { statfs } from "node:fs/promises";
import { settingFaults, withClientVariables } from "../lib/server/env_file.ts";
import { writeBytesTo, writeTo } from "./output.ts";

const decoder = new TextDecoder();

/** True while a question is open: Ctrl+C then ends the command at once. */
let isAsking = false;

/** Reads one line byte by byte, so that nothing after it is lost. */
async function readLine(prompt: string): Promise<string> {
  isAsking = true;
  io.stderr(prompt);
  const bytes: number[] = [];
  const byte = new Uint8Array(1);
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- a terminal is read in order
    if (await Deno.stdin.read(byte) === null || byte[0] === 0x0a) break;
    bytes.push(byte[0]!);
  }
  isAsking = false;
  return decoder.decode(new Uint8Array(bytes)).replace(/\r$/, "");
}

/** Reads a line without showing it. */
async function readSecret(prompt: string): Promise<string> {
  io.stderr(prompt);
  Deno.stdin.setRaw(true);
  const bytes: number[] = [];
  const chunk = new Uint8Array(256);
  try {
    for (;;) {
      // deno-lint-ignore no-await-in-loop -- a terminal is read in order
      const count = await Deno.stdin.read(chunk) ?? 0;
      if (count === 0) break;
      for (const byte of chunk.subarray(0, count)) {
        if (byte === 0x0d || byte === 0x0a || byte === 0x04) {
          return decoder.decode(new Uint8Array(bytes));
        }
        if (byte === 0x03) {
          Deno.stdin.setRaw(false);
          io.stderr("\n");
          Deno.exit(130);
        }
        if (byte === 0x15) bytes.length = 0;
        else if (byte === 0x7f || byte === 0x08) dropCharacter(bytes);
        else bytes.push(byte);
      }
    }
    return decoder.decode(new Uint8Array(bytes));
  } finally {
    Deno.stdin.setRaw(false);
    io.stderr("\n");
  }
}

/** Backspace takes a whole character, which may have several bytes. */
function dropCharacter(bytes: number[]): void {
  while (bytes.length > 0 && (bytes.pop()! & 0xc0) === 0x80);
}

async function readFile(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function listFolder(path: string): Promise<readonly string[]> {
  try {
    const names: string[] = [];
    for await (const { name } of Deno.readDir(path)) names.push(name);
    return names;
  } catch (error) {
    const isNone = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (isNone) return [];
    throw error;
  }
}

/** Written beside and renamed, so that it is never half there and never readable for others. */
async function writePrivateFile(path: string, text: string): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), {
    recursive: true,
    mode: 0o700,
  });
  const draft = `${path}.${crypto.randomUUID()}`;
  await Deno.writeTextFile(draft, text, { mode: 0o600, createNew: true });
  await Deno.rename(draft, path);
}

async function removeFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function fileMode(path: string): Promise<number | null> {
  try {
    return (await Deno.stat(path)).mode;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function freeBytes(path: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** A worker of one line, so that nothing but the machine is asked. */
async function startWorker(): Promise<number> {
  const begun = performance.now();
  const worker = new Worker("data:text/javascript,postMessage(1)", {
    type: "module",
  });
  try {
    await new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
    });
    return performance.now() - begun;
  } finally {
    worker.terminate();
  }
}

const interrupt = new AbortController();

const io: CliIo = {
  stdout: writeTo(Deno.stdout),
  stdoutBytes: writeBytesTo(Deno.stdout),
  stderr: writeTo(Deno.stderr),
  isTerminal: Deno.stdout.isTerminal(),
  isInputTerminal: Deno.stdin.isTerminal(),
  env: withClientVariables((name) => Deno.env.get(name)),
  fetch: (url, init) => fetch(url, init),
  readSecret,
  readLine,
  readInput: () => new Response(Deno.stdin.readable).text(),
  readFile,
  listFolder,
  writePrivateFile,
  removeFile,
  fileMode,
  freeBytes,
  settingFaults: () => settingFaults((name) => Deno.env.get(name)),
  startWorker,
  sleep: (ms) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      interrupt.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      }, { once: true });
    }),
  now: () => Date.now(),
  random: () => Math.random(),
  uuid: () => crypto.randomUUID(),
  interrupt: interrupt.signal,
};

if (import.meta.main) {
  Deno.addSignalListener("SIGINT", () => {
    // The first Ctrl+C ends a wait in order, the second one ends at once.
    if (isAsking || interrupt.signal.aborted) Deno.exit(130);
    interrupt.abort();
  });
  Deno.exit(await runCli(Deno.args, io));
}
