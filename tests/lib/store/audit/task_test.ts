import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { CheckpointKeeper } from "../../../../lib/store/audit/checkpoint_keeper.ts";
import { createMirrorFile } from "../../../../lib/store/audit/mirror_file.ts";
import { openStore } from "../../../../lib/store/open_store.ts";
import { withTempDir } from "../../../support/temp.ts";
import { auditOf, systemTime } from "../support.ts";
import { signer } from "./trail.ts";

const ROOT = new URL("../../../../", import.meta.url);

/** What the task needs of the project. */
const PARTS = ["actors", "agents", "lib", "tasks", "deno.json", "deno.lock"];

interface Audited {
  code: number;
  out: string;
  err: string;
}

/** Runs the task with its own permissions; `$DATA_DIR` of its command is what the environment says. */
async function audit(
  dataDir: string,
  ...args: string[]
): Promise<Audited> {
  return await auditIn(ROOT, { DATA_DIR: dataDir, INIT_CWD: dataDir }, args);
}

async function auditIn(
  root: URL,
  env: { DATA_DIR: string; INIT_CWD: string },
  args: readonly string[],
): Promise<Audited> {
  const config = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", root)),
  );
  const words: string[] = config.tasks.audit.command
    .replaceAll("$DATA_DIR", env.DATA_DIR).split(" ").slice(1);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...words.toSpliced(1, 0, "--no-check"), ...args],
    cwd: root,
    env: { ...env, NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("deno task audit verifies the store of a running server, exports it, and names the entry that is missing", () =>
  withTempDir(async (dataDir) => {
    const path = `${dataDir}/store.sqlite`;
    const store = await openStore({ path, time: systemTime });
    const keeper = new CheckpointKeeper({
      reader: store.auditReader,
      time: systemTime,
      signer,
      mirrors: [createMirrorFile(`${dataDir}/audit`)],
    });
    for (let n = 0; n < 12; n++) {
      // deno-lint-ignore no-await-in-loop -- in order
      await store.audit(auditOf(n % 3 === 0 ? "auth.login" : "stop"));
    }
    await keeper.signNow();
    // The store stays open, as a server's would.
    const whole = await audit(dataDir, "verify", "--key", signer.key);
    assert.equal(whole.code, 0, whole.err);
    assert.match(whole.out, /is whole\.\ncommands: 8 entries fit/);
    // It is another one, not a mistyped option.
    const dashed = await audit(
      dataDir,
      "verify",
      "--key",
      `-${"A".repeat(42)}`,
    );
    assert.equal(dashed.code, 1, dashed.err);
    const exported = await audit(dataDir, "export");
    assert.equal(exported.code, 0, exported.err);
    await store.close();
    const lines = exported.out.split("\n");
    await Deno.writeTextFile(
      `${dataDir}/audit.ndjson`,
      lines.toSpliced(3, 1).join("\n"),
    );
    const broken = await audit(dataDir, "verify", "audit.ndjson");
    assert.equal(broken.code, 1, broken.err);
    assert.match(broken.out, /dropped in the stream commands: entry 4\./);
    const left = [...Deno.readDirSync(`${dataDir}/audit`)];
    assert.deepEqual(left.map(({ name }) => name), ["checkpoints.jsonl"]);
    const wrong = await audit(dataDir, "verify", "nothing.ndjson");
    assert.equal(wrong.code, 2);
  }));

Deno.test("deno task audit verifies the store of a DATA_DIR that .env alone names", () =>
  withTempDir(async (folder) => {
    for (const part of PARTS) {
      // deno-lint-ignore no-await-in-loop -- one after the other
      await cp(new URL(part, ROOT), `${folder}/${part}`, { recursive: true });
    }
    await Deno.symlink(
      new URL("node_modules", ROOT),
      `${folder}/node_modules`,
      { type: "dir" },
    );
    const dataDir = `${folder}/elsewhere`;
    await Deno.mkdir(dataDir);
    const path = `${dataDir}/store.sqlite`;
    const store = await openStore({ path, time: systemTime });
    await store.audit(auditOf("stop"));
    await store.close();
    await Deno.writeTextFile(`${folder}/.env`, `DATA_DIR=${dataDir}\n`);
    const { code, out, err } = await auditIn(
      new URL(`file://${folder}/`),
      { DATA_DIR: "", INIT_CWD: folder },
      ["verify"],
    );
    assert.equal(code, 0, err);
    assert.match(out, /is whole\.\ncommands: 1 entries fit/);
  }));
