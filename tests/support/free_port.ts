/**
 * Ports that a server may be given by number, from below those that the system
 * hands out itself: between the choice and the start no connection and no
 * listener of another test can get the same one by chance.
 */
const FIRST = 12_000;
const COUNT = 20_000;

/** A port of this machine that was free a moment ago. */
export function freePort(): number {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
