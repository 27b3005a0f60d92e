const FIXTURES = new URL("fixtures/", import.meta.url);

/** A child process that talks by lines. */
export interface Child {
  pid: number;
  /** The next line that it prints, or null at its end. */
  nextLine(): Promise<string | null>;
  /** Waits for its end. */
  ended(): Promise<Deno.CommandStatus & { stderr: string }>;
  /** Ends it at once, by its id, and waits. */
  kill(): Promise<void>;
}

/** Starts a fixture of this folder as a process. */
export function startChild(
  fixture: string,
  options: { args: readonly string[]; flags?: readonly string[] },
): Child {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--frozen",
      "--quiet",
      "-A",
      ...options.flags ?? [],
      new URL(fixture, FIXTURES).href,
      ...options.args,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const errors = new Response(child.stderr).text();
  const lines: string[] = [];
  let rest = "";
  const end = async () => {
    await reader.cancel();
    return { ...await child.status, stderr: await errors };
  };
  return {
    pid: child.pid,
    async nextLine() {
      while (lines.length === 0) {
        // deno-lint-ignore no-await-in-loop -- pieces come one after another
        const { value, done } = await reader.read();
        if (done) return null;
        const parts = (rest + value).split("\n");
        rest = parts.pop()!;
        lines.push(...parts);
      }
      return lines.shift()!;
    },
    async ended() {
      const status = await child.status;
      return { ...status, stderr: (await end()).stderr };
    },
    async kill() {
      child.kill("SIGKILL");
      await end();
    },
  };
}
