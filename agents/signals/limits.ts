/** Limits of this folder. What happens at each limit is said beside it. */
import { SIGNALS_KEPT_MAX } from "../../lib/contracts/signal.ts";

/**
 * Signals that a listener has not stored yet and its source runs ahead by. In
 * lockstep the source then stands still until the listener has; the rest of
 * what is kept is for a listener that is away for a while.
 */
export const SIGNALS_AHEAD_MAX = SIGNALS_KEPT_MAX / 2;

/** Signals that are kept where nobody has listened yet; the oldest goes. */
export const SIGNALS_UNHEARD_MAX = 1_024;

/** Candles that a listener takes before its source waits to be told that they are taken. */
export const SIGNALS_WINDOW = 512;

/** A source hears what was taken once in so many candles, well before the window is used up. */
export const TAKEN_EVERY = 128;
