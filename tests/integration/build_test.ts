import assert from "node:assert/strict";
import { copyProject } from "../support/project_copy.ts";
import { withTempDir } from "../support/temp.ts";

async function buildTask(root: URL): Promise<string> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "build", "--if-stale"],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const printed = new TextDecoder().decode(stderr);
  assert.equal(code, 0, printed);
  return printed;
}

Deno.test("build() that is asked for by several processes at once, as by servers that start together, is done once and waited for by all", () =>
  withTempDir(async (folder) => {
    const root = await copyProject(folder);
    const source = new URL("lib/core/ids.ts", root);
    await Deno.utime(source, new Date(), new Date());
    const printed = await Promise.all([1, 2, 3].map(() => buildTask(root)));
    const built = printed.filter((text) => /Built panel/.test(text));
    assert.equal(built.length, 1, printed.join("\n"));
    assert.equal(/Built panel/.test(await buildTask(root)), false);
  }));
