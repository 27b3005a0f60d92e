import type { EmergencyInbox } from "../fleet/emergency/service.ts";

/** The folder in which a desk looks for emergency stops; its files are for their owner alone. */
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
  };
}
