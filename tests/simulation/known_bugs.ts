import type { JournalStorage } from "../../lib/desk/journal/storage.ts";
import type { HostTamper } from "./machine/host.ts";
import type { World } from "./world.ts";

/** A bug that is planted from outside, to see whether the oracle finds it. */
export interface KnownBug {
  name: string;
  /** Stands between a desk and its journals. */
  storage?: (storage: JournalStorage) => JournalStorage;
  /** Stands between the owner and each actor. */
  host?: (world: World) => HostTamper;
}
