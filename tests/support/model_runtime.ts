import type { RuntimePlace } from "../../lib/contracts/inference.ts";
import { runtimeSource } from "../../lib/inference/install/ensure_runtime.ts";

/** The runtime of this project, for tests that run models. */
export const RUNTIME_SOURCE = runtimeSource({
  root: new URL("../../", import.meta.url),
  deno: Deno.execPath(),
  // deno-lint-ignore no-console -- a test that waits says for what
  say: (line) => console.error(line),
});

// A file that is run alone installs it, too.
await RUNTIME_SOURCE.ensure();

/** Where it is; nobody is asked for it, because it is there. */
export const RUNTIME: RuntimePlace = {
  folder: RUNTIME_SOURCE.folder,
  requestPath: null,
};
