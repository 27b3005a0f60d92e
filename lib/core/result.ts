/** An expected outcome: a value, or a refusal with a typed reason. Never used for defects, which are thrown. */
export type Result<T, E> = { ok: true; value: T } | { ok: false; error: E };

/** A successful result. */
export function succeed<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

/** A refused result. */
export function refuse<E>(error: E): { ok: false; error: E } {
  return { ok: false, error };
}
