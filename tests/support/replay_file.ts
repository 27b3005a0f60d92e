/** The first candles of a file that the project ships, for replays that are to end soon. */

const FIXTURES = new URL("../fixtures/", import.meta.url);

/** Name of the file; its candles are of 15 minutes. */
export const REPLAY_FILE = "simulated-btcusdt-15m.csv";

/** Writes so many of its candles into a folder, under the same name. */
export async function writeReplayFile(
  folder: string,
  candles: number,
): Promise<void> {
  const text = await Deno.readTextFile(new URL(REPLAY_FILE, FIXTURES));
  const lines = text.split("\n").slice(0, candles + 1);
  await Deno.writeTextFile(`${folder}/${REPLAY_FILE}`, `${lines.join("\n")}\n`);
}
