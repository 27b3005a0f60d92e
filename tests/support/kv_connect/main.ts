/** The KV Connect server of the tests in a process of its own; prints its address, ends on SIGTERM. */
import { startKvConnectServer } from "./server.ts";

const server = startKvConnectServer({ keepsRequests: false });
Deno.addSignalListener("SIGTERM", () => {
  // Who still asks is cut off: a server that ends waits for nobody.
  Deno.exit(0);
});
// deno-lint-ignore no-console -- read by the process that started this one
console.log(server.url);
