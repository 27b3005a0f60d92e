/** Appends entries to a store that another process appends to as well: `append_process.ts PATH NAME COUNT`. */
import { AppError } from "../../../../lib/core/errors.ts";
import { openStore } from "../../../../lib/store/open_store.ts";
import { auditOf, systemTime } from "../support.ts";

const [path, name, count] = Deno.args as [string, string, string];
const store = await openStore({ path, time: systemTime });
for (let n = 0; n < Number(count); n++) {
  const action = n % 2 === 0 ? `stop ${name}` : `auth.login ${name}`;
  for (;;) {
    try {
      // deno-lint-ignore no-await-in-loop -- one after another
      await store.audit(auditOf(action));
      break;
    } catch (error) {
      // SQLite lets one process write at a time, and so does the head of the chain.
      const isBusy = error instanceof AppError &&
        error.code === "STORE_UNAVAILABLE";
      if (!isBusy) throw error;
    }
  }
}
await store.close();
