/**
 * When the login of this browser ends, as far as its pages know: every answer
 * of the server is a use, on whichever page.
 *
 * @module
 */

/** The warning comes so long before the end. */
export const WARN_MS = 2 * 60_000;
const KEY = "smc.usedAt";

let usedAt = 0;

/** The server has answered: the login was used. */
export function noteUse(now: number): void {
  usedAt = Math.max(usedAt, now);
  try {
    localStorage.setItem(KEY, String(usedAt));
  } catch {
    // Then this page knows of its own uses alone, and warns too early at worst.
  }
}

/** When the login ends, and whether another use would put that off. */
export function sessionEnd(
  { expiresAt, idleMs }: { expiresAt: number; idleMs: number },
): { at: number; canStay: boolean } {
  const idleAt = lastUse() + idleMs;
  return idleAt < expiresAt
    ? { at: idleAt, canStay: true }
    : { at: expiresAt, canStay: false };
}

function lastUse(): number {
  try {
    return Math.max(usedAt, Number(localStorage.getItem(KEY) ?? 0));
  } catch {
    return usedAt;
  }
}
