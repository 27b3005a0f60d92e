/** How the host process tells its parent why it ended; the numbers are those of sysexits.h. */
export const EXIT_CODES = {
  /** Drained on request. */
  ok: 0,
  /** Anything else; the parent starts it again, with a growing pause. */
  failed: 1,
  /** Something that it needs is taken or missing: the port, the data folder. It has said what. */
  cannotStart: 69,
  /** Drained to get rid of a thread that cannot be ended: to be started again at once. */
  recycle: 75,
  /** The configuration is wrong: starting again would not help. */
  config: 78,
} as const;
