/**
 * Test files at once: one more than there are processors, because many of them
 * wait; of servers and browsers not more than four.
 */
export const AT_ONCE = navigator.hardwareConcurrency + 1;
export const LANES = Math.min(4, AT_ONCE);

/** Works on the items in order, some of them at a time; answers in the order of the ends. */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const left = items.values();
  const results: Result[] = [];
  const lane = async () => {
    for (const item of left) {
      // deno-lint-ignore no-await-in-loop -- a lane is one after the other
      results.push(await work(item));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}
