import assert from "node:assert/strict";
import { readGraph } from "./graph.ts";

const ROOT = new URL("../../", import.meta.url);
const MAX_LINES = 300;
const MAX_ISLAND_LINES = 250;
const MAX_LINE_LENGTH = 160;

/** Words that mean a thing is not done, put together so that this file does not hold them. */
const UNFINISHED = new RegExp(
  ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"].join("|"),
);

const { files } = await readGraph();
const sources = await Promise.all(
  files.map(async (file) => ({
    file,
    text: await Deno.readTextFile(new URL(file, ROOT)),
  })),
);

Deno.test("source files say one thing, within their number of lines", () => {
  const long = sources.filter(({ file, text }) =>
    text.split("\n").length - 1 >
      (file.startsWith("islands/") ? MAX_ISLAND_LINES : MAX_LINES)
  ).map(({ file, text }) => `${file}: ${text.split("\n").length - 1} lines`);
  assert.deepEqual(long, []);
});

Deno.test("files of tests are no longer than those of the source", async () => {
  const long: string[] = [];
  for (const file of await listFiles("tests")) {
    // deno-lint-ignore no-await-in-loop -- a few at a time would save nothing
    const text = await Deno.readTextFile(new URL(file, ROOT));
    const lines = text.split("\n").length - 1;
    if (lines > MAX_LINES) long.push(`${file}: ${lines} lines`);
  }
  assert.deepEqual(long, []);
});

/** Source below a folder. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(
    Deno.readDir(new URL(`${folder}/`, ROOT)),
  );
  const found = await Promise.all(entries.map(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? listFiles(path) : /\.tsx?$/.test(name) ? [path] : [];
  }));
  return found.flat();
}

Deno.test("source files have no line that needs scrolling", () => {
  const wide = sources.flatMap(({ file, text }) =>
    text.split("\n").flatMap((line, index) =>
      line.length > MAX_LINE_LENGTH
        ? [`${file}:${index + 1}: ${line.length} characters`]
        : []
    )
  );
  assert.deepEqual(wide, []);
});

Deno.test("source files leave no note of unfinished work", () => {
  const notes = sources.filter(({ text }) => UNFINISHED.test(text)).map((
    { file },
  ) => file);
  assert.deepEqual(notes, []);
});

Deno.test("source file names are snake_case, islands and components PascalCase", () => {
  const odd = files.filter((file) => {
    const name = file.slice(file.lastIndexOf("/") + 1).replace(/\.tsx?$/, "");
    if (file.startsWith("routes/")) return false;
    return file.endsWith(".tsx")
      ? !/^[A-Z][A-Za-z0-9]*$/.test(name) && !/^[a-z][a-z0-9_]*$/.test(name)
      : !/^[a-z][a-z0-9_.]*$/.test(name);
  });
  assert.deepEqual(odd, []);
});

Deno.test("deno.jsr.json differs from deno.json in the lines of Fresh only", async () => {
  const plain = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const genuine = JSON.parse(
    await Deno.readTextFile(new URL("deno.jsr.json", ROOT)),
  );
  const isFresh = (key: string) => key === "fresh" || key.startsWith("fresh/");
  for (const config of [plain, genuine]) {
    for (const key of Object.keys(config.imports)) {
      if (isFresh(key)) delete config.imports[key];
    }
    delete config.lock;
  }
  assert.deepEqual(genuine, plain);
});
