import { makeOneTimeToken } from "../auth/one_time_token.ts";
import type { SetupToken } from "../auth/setup_token.ts";
import type { SecretStore } from "../store/port.ts";

const NAME = "setup-token";

/** The one-time token for the first account in the store, for processes without a folder: all of them have the same one. */
export function createStoredSetupToken(secrets: SecretStore): SetupToken {
  const read = async () => (await secrets.read(NAME))?.text || null;
  return {
    read,
    async ensure() {
      for (;;) {
        // deno-lint-ignore no-await-in-loop -- of two that make one at once, one is read by both
        const known = await secrets.read(NAME);
        if (known !== null && known.text !== "") return known.text;
        const text = makeOneTimeToken();
        const version = known?.version ?? null;
        // deno-lint-ignore no-await-in-loop -- as above
        if (await secrets.write(NAME, { text, version })) return text;
      }
    },
    async remove() {
      const known = await secrets.read(NAME);
      if (known === null) return;
      await secrets.write(NAME, { text: "", version: known.version });
    },
  };
}
