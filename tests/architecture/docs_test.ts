import assert from "node:assert/strict";
import { RECORDED_VOTES_MAX } from "../../lib/backtest/limits.ts";
import { ALLOWED_CHECK_MS } from "../../lib/live/limits.ts";
import {
  ENV_EXAMPLE,
  GENERATED_FILES,
  renderEnvExample,
  renderGenerated,
} from "../../tasks/docs.ts";

const ROOT = new URL("../../", import.meta.url);

for (const file of GENERATED_FILES) {
  Deno.test(`${file} shows the tables that the code has (run: deno task docs)`, async () => {
    const text = await Deno.readTextFile(new URL(file, ROOT));
    assert.equal(squeeze(text), squeeze(renderGenerated(text)));
  });
}

Deno.test("docs name only files that exist", async () => {
  const missing: string[] = [];
  for (const file of listDocs()) {
    const text = await Deno.readTextFile(new URL(file, ROOT));
    const named = text.matchAll(
      /`((?:tests|lib|actors|agents|tasks|routes|islands|docs)\/[\w./-]+)`/g,
    );
    const linked = text.matchAll(/\]\((?!\w+:|#)([^)#]+)/g);
    const paths = [
      ...[...named].map(([, path]) => new URL(path!, ROOT)),
      ...[...linked].map(([, path]) => new URL(path!, new URL(file, ROOT))),
    ];
    for (const path of paths) {
      // deno-lint-ignore no-await-in-loop -- a few dozen files
      if (!await exists(path)) missing.push(`${file}: ${path.pathname}`);
    }
  }
  assert.deepEqual(missing, []);
});

function listDocs(): string[] {
  const files = ["README.md", "CONTRIBUTING.md"];
  for (const folder of ["docs/", "docs/adr/"]) {
    for (const entry of Deno.readDirSync(new URL(folder, ROOT))) {
      if (entry.name.endsWith(".md")) files.push(folder + entry.name);
    }
  }
  return files;
}

async function exists(path: URL): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The formatter may pad a table otherwise than the generator does. */
function squeeze(text: string): string {
  return text.replaceAll(/[ \t]+/g, " ").replaceAll(/-{2,}/g, "--");
}

Deno.test(".env.example has every setting (run: deno task docs)", async () => {
  const text = await Deno.readTextFile(new URL(ENV_EXAMPLE, ROOT));
  assert.equal(text, renderEnvExample());
});

Deno.test("docs promise of open streams and of kept votes what the code does", async () => {
  assert.equal(ALLOWED_CHECK_MS, 60_000);
  const votes = RECORDED_VOTES_MAX.toLocaleString("en-US");
  const kept = `kept with the result, up to ${votes} of a run`;
  for (
    const [name, promise] of [
      ["hosts", "for open streams within a minute"],
      ["logins", "open streams are closed within a minute"],
      ["backtests", kept],
      ["decision-engine", kept],
    ] as const
  ) {
    const file = new URL(`docs/${name}.md`, ROOT);
    // deno-lint-ignore no-await-in-loop -- a few files
    const text = (await Deno.readTextFile(file)).replaceAll(/\s+/g, " ");
    assert.ok(text.includes(promise), `docs/${name}.md: ${promise}`);
  }
});
