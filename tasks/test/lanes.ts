/**
 * Lanes of the groups, which keep a processor busy, and of the files apart, of
 * which many wait: on two processors one and three. Of servers and browsers no
 * more than four run at once while there are groups.
 */
const PROCESSORS = navigator.hardwareConcurrency;
export const GROUP_LANES = Math.ceil(PROCESSORS / 2);
export const FILE_LANES = Math.min(4, Math.floor(PROCESSORS / 2) + 2);

/** What lanes work on, in this order. */
export interface Queue<Item> {
  items: readonly Item[];
  lanes: number;
}

/**
 * Works on the items of all queues, one at a time in each lane. A lane whose queue
 * is empty goes on with the others'. Answers in the order of the ends.
 */
export async function inLanes<Item, Result>(
  queues: readonly Queue<Item>[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const left = queues.map(({ items }) => items.values());
  const results: Result[] = [];
  const lane = async (own: number) => {
    for (const items of [left[own]!, ...left]) {
      for (const item of items) {
        // deno-lint-ignore no-await-in-loop -- a lane is one after the other
        results.push(await work(item));
      }
    }
  };
  const lanes = queues.flatMap(({ lanes }, own) => Array(lanes).fill(own));
  await Promise.all(lanes.map(lane));
  return results;
}
