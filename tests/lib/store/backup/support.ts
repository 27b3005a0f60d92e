import { createBackup } from "../../../../lib/store/backup/create_backup.ts";
import {
  type OpenedStore,
  openStore,
} from "../../../../lib/store/open_store.ts";
import { withTempDir } from "../../../support/temp.ts";
import { systemDraft, systemTime } from "../support.ts";

/** A journal as a desk would name it. */
export const JOURNAL = "agt_00000000000000000000000001.journal";
/** When the backups of these tests are made. */
export const NOW_MS = Date.UTC(2026, 0, 31, 12);

/** A data folder with a store of some events, a journal and a setup token. */
export async function withDataFolder(
  test: (dataDir: string, parent: string) => Promise<void>,
): Promise<void> {
  await withTempDir(async (parent) => {
    const dataDir = `${parent}/data`;
    await Deno.mkdir(`${dataDir}/journal`, { recursive: true });
    await Deno.writeTextFile(`${dataDir}/journal/${JOURNAL}`, "1 line\n");
    await Deno.writeTextFile(`${dataDir}/setup-token`, "secret");
    await Deno.writeTextFile(`${dataDir}/lock`, "1\n");
    await withStore(dataDir, async (store) => {
      await store.events.append({
        events: [systemDraft("one"), systemDraft("two")],
      });
    });
    await test(dataDir, parent);
  });
}

/** Opens the store of a data folder. */
export async function withStore<T>(
  dataDir: string,
  run: (store: OpenedStore) => Promise<T>,
): Promise<T> {
  const path = `${dataDir}/store.sqlite`;
  const store = await openStore({ path, time: systemTime });
  try {
    return await run(store);
  } finally {
    await store.close();
  }
}

/** Messages of the events that a data folder's store holds. */
export async function storedMessages(dataDir: string): Promise<string[]> {
  return await withStore(dataDir, async (store) => {
    const { events } = await store.events.after(0, 1_000);
    return events.map(({ data }) => (data as { message: string }).message);
  });
}

/** Backs a data folder up into a folder beside it. */
export async function backUp(dataDir: string): Promise<string> {
  const out = `${dataDir}-backup`;
  await createBackup({ dataDir, out, nowMs: NOW_MS });
  return out;
}

/** Every name below a folder with the last bits of its mode, in order. */
export async function tree(folder: string, under = ""): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const { mode } = await Deno.stat(`${folder}/${name}`);
    const bits = ((mode ?? 0) & 0o777).toString(8);
    names.push(`${under}${name} ${bits}`);
    if (isDirectory) {
      names.push(...await tree(`${folder}/${name}`, `${under}${name}/`));
    }
  }
  return names.sort();
}
