/** A login of the panel ends when nobody has used it for so long; pages warn before. */
export const SESSION_IDLE_MS = 30 * 60_000;
