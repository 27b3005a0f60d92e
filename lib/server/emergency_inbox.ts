import {
  REQUEST_FILE,
  RUNNING_FILE,
  stopIdOfRequest,
} from "../contracts/emergency_desk.ts";
import type { EmergencyInbox } from "../fleet/emergency/service.ts";

/** The folder in which every desk looks for emergency stops; its files are for their owner alone. */
export function createEmergencyInbox(path: string): EmergencyInbox {
  return {
    async drop(name, text) {
      await Deno.mkdir(path, { recursive: true, mode: 0o700 });
      // A draft has a name that the desk does not look for.
      const draft = `${path}/.${name}.draft`;
      {
        using file = await Deno.open(draft, {
          write: true,
          create: true,
          truncate: true,
          mode: 0o600,
        });
        await file.write(new TextEncoder().encode(text));
        await file.sync();
      }
      await Deno.rename(draft, `${path}/${name}`);
    },
    async remove(ids) {
      for await (const { name } of Deno.readDir(path)) {
        if (!REQUEST_FILE.test(name)) continue;
        const file = `${path}/${name}`;
        if (ids.has(await stopOf(file, name))) await Deno.remove(file);
      }
    },
  };
}

/** Desks of an earlier process run no more, however it ended; before any desk starts. */
export async function forgetRunningDesks(path: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    const folder = isDirectory ? `${path}/${name}` : path;
    try {
      await Deno.remove(`${folder}/${RUNNING_FILE}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** Id of the stop that a file asks for. */
async function stopOf(file: string, name: string): Promise<string> {
  const { mtime } = await Deno.stat(file);
  return stopIdOfRequest({ name, at: Math.trunc(mtime?.getTime() ?? 0) });
}
