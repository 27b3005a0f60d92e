import assert from "node:assert/strict";
import { emergencyFolder } from "../../../lib/desk/emergency/files.ts";
import {
  ANSWERS_KEPT,
  REQUEST_BYTES_MAX,
} from "../../../lib/desk/emergency/limits.ts";
import { withTempDir } from "../../support/temp.ts";

Deno.test("emergencyFolder makes its folder and keeps its files for their owner", async () => {
  await withTempDir((dir) => {
    const path = `${dir}/emergency`;
    const files = emergencyFolder(path);
    assert.equal(files.readLatches(), null);
    assert.deepEqual(files.requests(), []);
    files.writeLatches("one");
    files.writeLatches("two");
    assert.equal(files.readLatches(), "two");
    const modeOf = (name: string) => Deno.statSync(name).mode! & 0o777;
    assert.equal(modeOf(files.path), 0o600);
    assert.equal(modeOf(path), 0o700);
    assert.deepEqual([...Deno.readDirSync(path)].map(({ name }) => name), [
      "latches.json",
    ]);
    files.putAside();
    assert.equal(files.readLatches(), null);
    return Promise.resolve();
  });
});

Deno.test("emergencyFolder finds requests, leaves drafts alone and gives what it cannot read as null", async () => {
  await withTempDir((dir) => {
    const files = emergencyFolder(dir);
    Deno.writeTextFileSync(`${dir}/halt`, "");
    Deno.writeTextFileSync(`${dir}/halt-abcdefgh.json.draft`, "x");
    Deno.writeTextFileSync(
      `${dir}/halt-toolarge.json`,
      " ".repeat(REQUEST_BYTES_MAX + 1),
    );
    Deno.mkdirSync(`${dir}/halt-isfolder.json`);
    const found = files.requests();
    assert.deepEqual(found.map(({ name, text }) => ({ name, text })), [
      { name: "halt", text: "" },
      { name: "halt-isfolder.json", text: null },
      { name: "halt-toolarge.json", text: null },
    ]);
    assert.ok(found.every(({ at }) => Number.isInteger(at)));
    const other = emergencyFolder(`${dir}/binance.swap`, dir);
    assert.deepEqual(other.requests(), found, "every desk finds them");
    other.setRunning(true);
    assert.ok(Deno.statSync(`${dir}/binance.swap/running`).isFile);
    other.setRunning(false);
    assert.throws(() => Deno.statSync(`${dir}/binance.swap/running`));
    return Promise.resolve();
  });
});

Deno.test("emergencyFolder keeps a bounded number of answers, this one among them", async () => {
  await withTempDir((dir) => {
    const files = emergencyFolder(dir);
    for (let index = 0; index < ANSWERS_KEPT + 5; index++) {
      files.answer(`done-answer${String(index).padStart(3, "0")}.json`, "{}");
    }
    const names = [...Deno.readDirSync(dir)].map(({ name }) => name);
    assert.equal(names.length, ANSWERS_KEPT);
    assert.ok(names.includes(`done-answer0${ANSWERS_KEPT + 4}.json`));
    return Promise.resolve();
  });
});
