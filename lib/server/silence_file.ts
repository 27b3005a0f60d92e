import type { SilenceFile } from "../fleet/venue_silences.ts";

/**
 * Keeps until when exchanges want silence in one small file. It is written at
 * once where it changes, because a process may be killed the moment after; one
 * that cannot be read or written costs a ban at worst, never a trade.
 */
export function createSilenceFile(path: string): SilenceFile {
  return {
    load() {
      try {
        const known = JSON.parse(Deno.readTextFileSync(path));
        return Object.fromEntries(
          Object.entries(known).filter(([, until]) =>
            typeof until === "number" && Number.isFinite(until)
          ),
        ) as Record<string, number>;
      } catch {
        return {};
      }
    },
    save(ends) {
      const draft = `${path}.new`;
      try {
        Deno.writeTextFileSync(draft, JSON.stringify(ends));
        Deno.renameSync(draft, path);
      } catch {
        // The disk's own watch tells of a disk that takes nothing.
      }
    },
  };
}
