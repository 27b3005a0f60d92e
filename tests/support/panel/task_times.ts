import type { Page } from "playwright-core";

/** An event of the browser's trace; times are microseconds. */
interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  ph: string;
  /** By the clock of the processor, of what has one. */
  tdur?: number;
  args?: { name?: string };
}

/** Processor time of each task of the page's main thread while something runs: what a busy machine does not stretch. */
export async function taskTimes(
  page: Page,
  run: () => Promise<void>,
): Promise<number[]> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ["toplevel", "__metadata"] });
  await run();
  const text = new TextDecoder().decode(await browser.stopTracing());
  const { traceEvents } = JSON.parse(text) as { traceEvents: TraceEvent[] };
  const mains = new Set(
    traceEvents.filter(({ name, args }) =>
      name === "thread_name" && args?.name === "CrRendererMain"
    ).map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return traceEvents.filter(({ name, ph, pid, tid }) =>
    ph === "X" && name.endsWith("RunTask") && mains.has(`${pid} ${tid}`)
  ).map(({ tdur = 0 }) => tdur / 1_000);
}
