/** Limits of this folder, one place for all. What happens at each limit is said beside it. */

/**
 * Models in memory at once, over all agents. Beyond it one that no agent uses
 * any more is released; where all are in use, the newcomer is refused with a
 * sentence.
 */
export const LOADED_MODELS_MAX = 32;

/** Models that one agent may ask for; further ones are refused. */
export const AGENT_MODELS_MAX = 16;
