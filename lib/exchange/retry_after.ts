/** A `Retry-After` header (RFC 9110, 10.2.3) as milliseconds from now: seconds, or a date; null for none or another text. */
export function retryAfterMs(
  text: string | null,
  nowMs: number,
): number | null {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
