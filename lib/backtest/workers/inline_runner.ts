import { executeJob, type JobOptions, type JobRunner } from "./job.ts";

/** Carries out jobs in this isolate, one after the other in the order they came. */
export function createInlineRunner(options: JobOptions): JobRunner {
  const closing = new AbortController();
  const signal = options.signal === undefined
    ? closing.signal
    : AbortSignal.any([closing.signal, options.signal]);
  let last: Promise<unknown> = Promise.resolve();
  return {
    candles: options.candles,
    run: (job) => {
      const result = last.then(() => executeJob(job, { ...options, signal }));
      last = result.catch(() => {});
      return result;
    },
    close: () => closing.abort(new Error("The runner was closed")),
  };
}
