import { AT_ONCE } from "./lanes.ts";

/** Tests of one or more `deno test` runs. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Runs `deno test`. What runs in parallel prints as it goes; of the others each prints whole when it has ended, so that those at the same time do not mix. */
export async function runDenoTest(
  { paths, isParallel }: { paths: readonly string[]; isParallel: boolean },
): Promise<Counts> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--frozen",
      "-A",
      "--quiet",
      "--no-check",
      ...(isParallel ? ["--parallel"] : []),
      ...paths,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1", DENO_JOBS: String(AT_ONCE) },
  }).spawn();
  const printed = { out: "", whole: "" };
  const read = async (from: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of from.pipeThrough(new TextDecoderStream())) {
      printed.whole += text;
      if (from === child.stdout) printed.out += text;
      if (isParallel) print(text);
    }
  };
  await Promise.all([read(child.stdout), read(child.stderr)]);
  const { code } = await child.status;
  if (!isParallel) print(printed.whole);
  return countsOf(printed.out, code);
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
