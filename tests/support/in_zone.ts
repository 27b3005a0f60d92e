/** Runs something as on a machine in another time zone, for instance `America/New_York`. */
export async function inZone(
  zone: string,
  run: () => Promise<void>,
): Promise<void> {
  const before = Deno.env.get("TZ");
  Deno.env.set("TZ", zone);
  try {
    await run();
  } finally {
    if (before === undefined) Deno.env.delete("TZ");
    else Deno.env.set("TZ", before);
  }
}
