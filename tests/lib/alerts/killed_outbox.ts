// deno-lint-ignore-file no-console -- its parent reads what it prints
/** A process that has an alert under way when it is killed. */
import { addHook, openAlertWorld } from "./service_world.ts";

const [path = "", port = "0"] = Deno.args;
const world = await openAlertWorld({
  path,
  ports: [Number(port)],
  postman: {
    // Under way for ever: what became of it, nobody has kept.
    send: (parcel) => {
      console.log(
        parcel.kind === "webhook" ? parcel.headers["X-Fleet-Alert-Id"] : "",
      );
      return new Promise(() => {});
    },
    close: () => {},
  },
});
await addHook(world, Number(port));
await world.fail("one failed: first");
// Joins nothing that is under way: a second message, which waits.
const timer = setInterval(() => {
  const [channel] = world.alerts.channels(null);
  const [first] = world.alerts.deliveries(channel!.id);
  if (first === undefined) return;
  clearInterval(timer);
  void world.fail("one failed: second");
}, 5);
