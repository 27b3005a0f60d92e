/** Limits of this folder. What happens at each limit is said beside it. */

/** Limits of the recording of one incarnation. */
export const RECORDING_LIMITS = {
  /** Characters of lines that are gathered; then they are sent as a block. */
  blockChars: 262_144,
  /** Turns after which a block is sent however small it is, so that a crash loses few. */
  blockTurns: 16,
  /**
   * Blocks after which one is sent only when it is full. With `sessionChars`
   * this keeps all reports of a recording below half of what may wait for a
   * busy owner: they cannot fail the agent.
   */
  smallBlocks: 7_936,
  /** Characters of all lines; then the recording ends and says so, and the agent goes on. */
  sessionChars: 64_000_000,
} as const;

/** Longest reason why a recording has ended; what follows is left out. */
export const REASON_CHARS = 200;
