import { deepEqual, equal } from "node:assert/strict";
import { changeList } from "../../../lib/ui/settings/list_change.ts";

/** Parts that fail as often as is said, and tell when they ran. */
function partsThatFail(fails: { change: number; read: number }) {
  const ran: string[] = [];
  const part = (name: "change" | "read") => () => {
    ran.push(name);
    fails[name] -= 1;
    return fails[name] < 0
      ? Promise.resolve()
      : Promise.reject(new Error(`${name} failed`));
  };
  return { ran, parts: { change: part("change"), read: part("read") } };
}

Deno.test("changeList() whose reading fails changes nothing a second time when it is tried again", async () => {
  const { ran, parts } = partsThatFail({ change: 0, read: 2 });
  const failed = await changeList(parts);
  equal(failed?.part, "read");
  const again = await failed!.again();
  equal(again?.part, "read");
  equal(await again!.again(), null);
  deepEqual(ran, ["change", "read", "read", "read"]);
});

Deno.test("changeList() whose change fails reads nothing, and does both when it is tried again", async () => {
  const { ran, parts } = partsThatFail({ change: 1, read: 0 });
  const failed = await changeList(parts);
  equal(failed?.part, "change");
  equal((failed?.error as Error).message, "change failed");
  equal(await failed!.again(), null);
  deepEqual(ran, ["change", "change", "read"]);
});
