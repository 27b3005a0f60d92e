import assert from "node:assert/strict";

const ROOT = new URL("../../../", import.meta.url);

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) yield* sources(url);
    else if (/\.tsx?$/.test(name)) yield url;
  }
}

Deno.test("no time in the zone of the page is called UTC: zoneName() says which zone it is", async () => {
  const wrong: string[] = [];
  for (const folder of ["lib/ui/", "islands/", "routes/"]) {
    for await (const url of sources(new URL(folder, ROOT))) {
      // deno-lint-ignore no-await-in-loop -- one file after the other
      const text = await Deno.readTextFile(url);
      // formatUtcDateTime() and formatUtcDay() are for what is always in UTC.
      const found = text.matchAll(
        /\bformat(?:Time|TimeMs|Day|DateTime)\([^;`"]{0,80}?[)}]\s*(?:\{" "\}\s*)?UTC\b/g,
      );
      for (const [call] of found) {
        wrong.push(`${url.pathname.slice(ROOT.pathname.length)}: ${call}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});
