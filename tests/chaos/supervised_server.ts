/** The real thing: `deno task start` in a process of its own, with the host process that it keeps alive. */
import { ensureBuilt } from "../support/built.ts";

const ROOT = new URL("../../", import.meta.url);

/** What a supervised server starts with. */
export interface SupervisedOptions {
  dataDir: string;
  port: number;
  env?: Readonly<Record<string, string>>;
  /** Folder of the project; this one, unless it is a copy. */
  root?: URL;
}

/** A started parent. */
export interface SupervisedServer {
  url: string;
  parentPid: number;
  /** The newest host process, and how many there have been. */
  hostPid(): number;
  hosts(): number;
  /** Everything that parent and hosts have printed. */
  output(): string;
  /** Resolves when what was printed satisfies a condition; rejects when the parent ends before, or after three minutes. */
  printed(isReached: (output: string) => boolean): Promise<void>;
  signalParent(signal: Deno.Signal): void;
  /** Kills the host process at once. */
  killHost(): void;
  /** To the newest host process; nothing where that has ended and the next one is still to come. */
  signalHost(signal: Deno.Signal): void;
  /** Exit status of the parent, once all output was read. */
  ended: Promise<Deno.CommandStatus>;
}

/** Starts the parent with the permissions that `deno task start` gives it. */
export async function startSupervised(
  options: SupervisedOptions,
): Promise<SupervisedServer> {
  const { root = ROOT } = options;
  // Not by the parent, so that a test waits for the server only.
  await ensureBuilt();
  const child = new Deno.Command(Deno.execPath(), {
    args: await startArguments(),
    cwd: root,
    env: {
      PORT: String(options.port),
      HOST: "127.0.0.1",
      DATA_DIR: options.dataDir,
      NO_COLOR: "1",
      ...options.env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = new Output();
  const reading = Promise.all([
    output.read(child.stdout),
    output.read(child.stderr),
  ]);
  const ended = child.status.then(async (status) => {
    await reading;
    output.end(status.code);
    return status;
  });
  const server: SupervisedServer = {
    url: `http://127.0.0.1:${options.port}`,
    parentPid: child.pid,
    hostPid: () => output.hostPids().at(-1)!,
    hosts: () => output.hostPids().length,
    output: () => output.text,
    printed: (isReached) => output.until(isReached),
    signalParent: (signal) => signalIfRunning(child.pid, signal),
    killHost: () => server.signalHost("SIGKILL"),
    signalHost: (signal) => signalIfRunning(server.hostPid(), signal),
    ended,
  };
  await server.printed((text) => /Host process \d+ started/.test(text));
  return server;
}

/** The arguments of the task as they are in deno.json, so that its permissions are tested, too. */
async function startArguments(): Promise<string[]> {
  const config = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", ROOT)),
  );
  return config.tasks.start.command.split(" ").slice(1);
}

/** Far more than any start or end takes, also on a busy machine. */
const PRINTED_MS = 180_000;

class Output {
  text = "";
  #isOver = false;
  #code = 0;
  readonly #waiters = new Set<() => void>();

  async read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      this.text += text;
      for (const look of this.#waiters) look();
    }
  }

  end(code: number): void {
    this.#isOver = true;
    this.#code = code;
    for (const look of this.#waiters) look();
  }

  hostPids(): number[] {
    return [...this.text.matchAll(/Host process (\d+) started/g)].map((
      [, pid],
    ) => Number(pid));
  }

  until(isReached: (output: string) => boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const deadline = setTimeout(
      () => reject(new Error(`Not printed in ${PRINTED_MS} ms:\n${this.text}`)),
      PRINTED_MS,
    );
    const look = () => {
      if (isReached(this.text)) resolve();
      else if (this.#isOver) {
        reject(
          new Error(`The parent ended with code ${this.#code}:\n${this.text}`),
        );
      }
    };
    this.#waiters.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(deadline);
      this.#waiters.delete(look);
    });
  }
}

function signalIfRunning(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch (error) {
    // It has ended by itself, or by the signal before.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
