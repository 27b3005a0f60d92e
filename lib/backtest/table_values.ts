/** Figures of the command's table as text. */

/** What is shown for an unknown value. */
export const DASH = "—";

/** A figure, or a dash with the reason why there is none. */
export function ratio(value: number | null, reason: string): string {
  return value === null ? `${DASH} (${reason})` : fixed(value);
}

/** Two places. */
export function fixed(value: number): string {
  return value.toFixed(2);
}

/** Two places, with a plus where it is one. */
export function signed(value: number): string {
  return `${value > 0 ? "+" : ""}${fixed(value)}`;
}

/** A count with its thousands apart. */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** A time to the minute, UTC. */
export function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace("T", " ");
}
