/** Limits of the emergency stop in the fleet. */

/** How long the desk is waited for; then the stop goes into its folder, and it finds it there. */
export const EMERGENCY_ASK_MS = 2_000;

/** Pause before an audit entry that the store has refused is tried again. */
export const AUDIT_RETRY_MS = 1_000;

/** Orders of one agent that such a sentence names. */
export const RESIDUE_ORDERS = 3;

/** Agents that a sentence about a residue names; the rest is counted. */
export const RESIDUE_NAMES = 3;

/** Stops of which the HTTP request is known until they are on record; of older ones the entry does not name it. */
export const MAX_STOP_REQUESTS = 200;
