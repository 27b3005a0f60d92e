/** The part of `EventSource` that the client uses. */
export interface EventSourceLike {
  onmessage: ((event: { data: string }) => void) | null;
  onerror: (() => void) | null;
  close(): void;
}

/** Time, from outside. */
export interface StreamClock {
  now(): number;
  /** Runs once after `ms`; the answer cancels it. */
  schedule(ms: number, run: () => void): () => void;
}
