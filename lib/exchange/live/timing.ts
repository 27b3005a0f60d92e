import type { Clock } from "../../../actors/clock.ts";

/** Nothing came within the time that was given. */
export class Overdue extends Error {
  override name = "Overdue";
}

/** Gives up on an answer after `ms`; what still comes of it is ignored. @throws {Overdue} */
export async function within<T>(
  clock: Clock,
  answer: Promise<T>,
  { ms, what }: { ms: number; what: string },
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = clock.after(
    ms,
    () => reject(new Overdue(`${what} did not come within ${ms / 1_000} s`)),
  );
  try {
    return await Promise.race([answer, promise]);
  } finally {
    timer.cancel();
  }
}

/** Waits, and ends early when the signal is aborted. */
export function sleep(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => {
    timer.cancel();
    signal.removeEventListener("abort", end);
    resolve();
  };
  const timer = clock.after(ms, end);
  signal.addEventListener("abort", end);
  return promise;
}

/** Rejects when the signal is aborted, with its reason. */
export function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  // Whoever waits for it later still gets it.
  promise.catch(() => {});
  if (signal.aborted) reject(signal.reason);
  else {
    signal.addEventListener("abort", () => reject(signal.reason), {
      once: true,
    });
  }
  return promise;
}
