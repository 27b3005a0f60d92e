/** At a rate, whether or not earlier ones are answered: a time counts from when it was due. */
export async function openLoop(
  call: () => Promise<void>,
  { perSecond, forMs }: { perSecond: number; forMs: number },
): Promise<number[]> {
  const times: number[] = [];
  const under: Promise<void>[] = [];
  const startedMs = performance.now();
  const count = Math.round(perSecond * forMs / 1_000);
  for (let n = 0; n < count; n++) {
    const dueMs = startedMs + n * 1_000 / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 1) {
      // deno-lint-ignore no-await-in-loop -- the rate is the point
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
    under.push(
      call().then(() => void times.push(performance.now() - dueMs)),
    );
  }
  await Promise.all(under);
  return times;
}
