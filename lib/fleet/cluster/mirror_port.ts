/** Copies of order journals in the store, from which another host goes on. */
export interface JournalMirror {
  /** Resolves when what is in an agent's journal now is copied. */
  flush(agentId: string): Promise<void>;
  /** Makes the journal on this disk what the copy is. */
  restore(agentId: string): Promise<void>;
}
