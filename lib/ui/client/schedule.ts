/** Runs something later; the answer takes that back. */
export type Schedule = (ms: number, run: () => void) => () => void;

/** By the timers of the page. */
export const schedule: Schedule = (ms, run) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};
