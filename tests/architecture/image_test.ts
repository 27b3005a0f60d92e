/** The image and the compose file say what the tasks say. */
import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);

const read = (file: string) => Deno.readTextFile(new URL(file, ROOT));

Deno.test("Dockerfile builds on the version of Deno that the README names", async () => {
  const [, version] = /npx -y deno@([\d.]+) task start/.exec(
    await read("README.md"),
  )!;
  const bases = [...(await read("Dockerfile")).matchAll(/^FROM (\S+)/gm)];
  assert.deepEqual(
    bases.map(([, image]) => image),
    [`denoland/deno:${version}`, `denoland/deno:${version}`],
  );
});

Deno.test("Dockerfile asks for its health with the permissions of the task, and nothing is fetched for it", async () => {
  const [, command] = /HEALTHCHECK[^]*?CMD (\[.*\])/.exec(
    await read("Dockerfile"),
  )!;
  const { tasks } = JSON.parse(await read("deno.json"));
  const flags = (parts: readonly string[]) =>
    parts.filter((part) => part.startsWith("--allow")).sort();
  const asked = JSON.parse(command!) as string[];
  assert.deepEqual(
    flags(asked),
    flags(tasks.probe.command.split(" ")),
  );
  assert.ok(asked.includes("--cached-only"));
});

Deno.test("compose.yaml lets in this machine alone, and the root is read-only", async () => {
  const text = await read("compose.yaml");
  assert.match(text, /^ +- "127\.0\.0\.1:3001:3001"$/m);
  assert.match(text, /^ +read_only: true$/m);
  assert.match(text, /^ +cap_drop: \[ALL\]$/m);
});
