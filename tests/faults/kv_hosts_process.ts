// deno-lint-ignore-file no-console -- prints for the test that starts it
/** Opens the store that is named, with the permissions of a server, and says what came of it. */
import { openStore } from "../../lib/store/open_store.ts";
import { systemTime } from "../lib/store/support.ts";

try {
  const store = await openStore({ path: Deno.args[0]!, time: systemTime });
  await store.close();
  console.log("opened");
} catch (error) {
  console.log((error as Error).message);
}
