import assert from "node:assert/strict";
import { GENERATED_FILES, renderGenerated } from "../../tasks/docs.ts";

const ROOT = new URL("../../", import.meta.url);

for (const file of GENERATED_FILES) {
  Deno.test(`${file} shows the tables that the code has (run: deno task docs)`, async () => {
    const text = await Deno.readTextFile(new URL(file, ROOT));
    assert.equal(squeeze(text), squeeze(renderGenerated(text)));
  });
}

/** The formatter may pad a table otherwise than the generator does. */
function squeeze(text: string): string {
  return text.replaceAll(/[ \t]+/g, " ").replaceAll(/-{2,}/g, "--");
}
