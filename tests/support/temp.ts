/** Gives a fresh folder to `run` and removes it afterwards. */
export async function withTempDir<T>(
  run: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "smc-fleet-test-" });
  try {
    return await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
