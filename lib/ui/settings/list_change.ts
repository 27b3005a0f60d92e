/**
 * A change of something in a list, and the reading of the list after it. Each
 * fails for itself and is tried again by itself: what was changed must not be
 * changed twice because the list could not be read.
 *
 * @module
 */

/** What is to be done. */
export interface ListChange {
  change: () => Promise<void>;
  read: () => Promise<void>;
}

/** What has failed of it, with the way to try the rest again. */
export interface ListFailure {
  part: keyof ListChange;
  error: unknown;
  again: () => Promise<ListFailure | null>;
}

/** Changes, then reads; answers null where both were done. */
export async function changeList(
  parts: ListChange,
): Promise<ListFailure | null> {
  try {
    await parts.change();
  } catch (error) {
    return { part: "change", error, again: () => changeList(parts) };
  }
  return await readList(parts);
}

async function readList(parts: ListChange): Promise<ListFailure | null> {
  try {
    await parts.read();
  } catch (error) {
    return { part: "read", error, again: () => readList(parts) };
  }
  return null;
}
