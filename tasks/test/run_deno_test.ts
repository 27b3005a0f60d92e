import { failureOf } from "./failures.ts";

/** Tests of one or more `deno test` runs. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** What came of one run; `failure` is what it printed of what failed. */
export interface Outcome {
  counts: Counts;
  failure: string | undefined;
}

/** Runs `deno test` on one module. */
export async function runDenoTest(path: string): Promise<Outcome> {
  const args = ["test", "--frozen", "-A", "--quiet", "--no-check", path];
  const { out, whole, code } = await runDeno(args);
  const failure = failureOf({ printed: whole, code });
  return { counts: countsOf(out, code), failure };
}

/** Checks the types of everything; a fault among them is one failure. */
export async function checkTypes(): Promise<Outcome> {
  const { whole, code } = await runDeno(["task", "--quiet", "check"]);
  const counts = { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  return { counts, failure: failureOf({ printed: whole, code }) };
}

/** Prints whole when it has ended, so that those at the same time do not mix. */
async function runDeno(
  args: readonly string[],
): Promise<{ out: string; whole: string; code: number }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1", TESTS_BUILT: "1" },
  }).spawn();
  const printed = { out: "", whole: "" };
  const read = async (from: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of from.pipeThrough(new TextDecoderStream())) {
      printed.whole += text;
      if (from === child.stdout) printed.out += text;
    }
  };
  await Promise.all([read(child.stdout), read(child.stderr)]);
  const { code } = await child.status;
  print(printed.whole);
  return { ...printed, code };
}

/** Without a pause, so that nothing of another run comes between. */
function print(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    written += Deno.stdout.writeSync(bytes.subarray(written));
  }
}

/** What the last line of a run says. */
function countsOf(text: string, code: number): Counts {
  const summary = text.matchAll(
    /(\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed(?: \(\d+ steps?\))?(?: \| (\d+) ignored)?/g,
  ).toArray().at(-1);
  const [passed, failed, skipped] = [1, 2, 3].map((group) =>
    Number(summary?.[group] ?? 0)
  ) as [number, number, number];
  // A run that broke before it could count is a failure of its own.
  const broke = code !== 0 && failed === 0 ? 1 : 0;
  return { passed, failed: failed + broke, skipped };
}
