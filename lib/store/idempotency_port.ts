/** What is known of a request with an Idempotency-Key. */
export interface KnownRequest {
  requestHash: string;
  /** The first answer; null while there is none. */
  response: StoredResponse | null;
  /** True if nobody works on the request any more and nobody answered it: whether it had an effect is unknown. */
  isAbandoned: boolean;
}

/** First answers to requests with an Idempotency-Key, kept for 24 hours. */
export interface IdempotencyStore {
  /** Reserves the key; null = reserved now, else what is known of it. */
  begin(
    key: string,
    requestHash: string,
  ): Promise<null | KnownRequest>;
  finish(key: string, response: StoredResponse): Promise<void>;
  /** Frees a reservation whose request failed before it had an effect. */
  abandon(key: string): Promise<void>;
  /** Keeps a reservation whose request may have been done: its repetitions are told so. */
  doubt(key: string): void;
}

/** An answer as it is kept. */
export interface StoredResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}
