import assert from "node:assert/strict";
import { AUDIT_STREAMS } from "../../../../lib/contracts/audit_trail.ts";
import { StreamWalk } from "../../../../lib/store/audit/stream_walk.ts";
import { openStore } from "../../../../lib/store/open_store.ts";
import { withTempDir } from "../../../support/temp.ts";
import { systemTime } from "../support.ts";

const COUNT = 60;
const SCRIPT = new URL("./append_process.ts", import.meta.url).href;
const CONFIG = new URL("../../../../deno.json", import.meta.url).pathname;

async function append(path: string, name: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--frozen",
      "--no-check",
      "-A",
      `--config=${CONFIG}`,
      SCRIPT,
      path,
      name,
      String(COUNT),
    ],
    stdout: "null",
    stderr: "piped",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

Deno.test("two processes that append to one store keep both chains whole and lose no entry", () =>
  withTempDir(async (folder) => {
    const path = `${folder}/store.sqlite`;
    await (await openStore({ path, time: systemTime })).close();
    await Promise.all([append(path, "a"), append(path, "b")]);
    const store = await openStore({ path, time: systemTime });
    const seen = new Map<string, number>();
    for (const stream of AUDIT_STREAMS) {
      const walk = new StreamWalk(stream);
      // deno-lint-ignore no-await-in-loop -- there are two
      const page = await store.auditReader.after(stream, {
        from: 1,
        limit: 500,
      });
      for (const record of page) {
        walk.accept(record);
        seen.set(record.action, (seen.get(record.action) ?? 0) + 1);
      }
      // deno-lint-ignore no-await-in-loop -- there are two
      const head = await store.auditReader.head(stream);
      assert.equal(walk.finish(head), null);
      assert.equal(walk.place.n, page.length);
    }
    assert.equal(seen.size, 4);
    for (const [action, count] of seen) {
      assert.ok(count >= COUNT / 2, `${count} of ${action}`);
    }
    await store.close();
  }));
