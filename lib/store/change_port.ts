/** What every process keeps in its memory as it lies in the store. */
export const CHANGE_NAMES = [
  "templates",
  "exchange_keys",
  "backtests",
] as const;
export type ChangeName = (typeof CHANGE_NAMES)[number];

/** Tells processes that what they have in memory was changed in the store. */
export interface ChangeStore {
  /** A text for each kind that is another one after each change; null before the first. */
  stamps(): Promise<Readonly<Record<ChangeName, string | null>>>;
}
