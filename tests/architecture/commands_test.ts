/**
 * What README and docs tell people to type exists: tasks, options, endpoints,
 * settings. `tests/integration/docs_walk_test.ts` types it.
 *
 * @module
 */
import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { COMMANDS } from "../../lib/cli/mod.ts";
import { COMMON_OPTIONS } from "../../lib/cli/command.ts";
import { ENV_VARIABLES } from "../../lib/core/env.ts";
import { CLIENT_VARIABLES } from "../../lib/core/env_client.ts";
import { endpointRows } from "../../tasks/docs/endpoint_rows.ts";
import { APART, TOGETHER } from "../../tasks/test/runs.ts";
import {
  commandsIn,
  type DocCommand,
  listCommands,
  listGuides,
  readGuide,
} from "../support/docs/commands.ts";
import { CHECKED, WALK } from "../support/docs/walk.ts";

const ROOT = new URL("../../", import.meta.url);
const commands = listCommands();

/** Variables that are no settings of the server. */
const OTHER_VARIABLES = [
  "CHROMIUM",
  "FUZZ_SEED",
  "THOROUGH",
  "CCXT_FIXTURES_DIR",
  "OTEL_DENO",
  "OTEL_EXPORTER_OTLP_ENDPOINT",
];

/** Tasks whose verbs have a help of their own. */
const WITH_VERBS: readonly string[] = ["ml"];

/** Words of a command behind `deno task`; null for another program. */
function taskOf(
  { text }: DocCommand,
): { name: string; words: string[] } | null {
  const match = /deno(?:@\S+)? task (\S+)\s*([^|<>]*)/.exec(text);
  if (match === null) return null;
  return { name: match[1]!, words: match[2]!.split(/\s+/).filter(Boolean) };
}

const optionsIn = (words: readonly string[]) =>
  words.filter((word) => word.startsWith("--"))
    .map((word) => word.slice(2).replace(/=.*/, ""));

Deno.test("commandsIn() reads blocks with their continued lines, and sentences", () => {
  const text = "Use `deno task smc …`:\n\n```sh\n# first\ncp a b  # why\n" +
    "deno task x --a 1 \\\n  --b 2\n```\n\n```ts\nno\n```\n";
  assert.deepEqual(
    commandsIn("a.md", text).map(({ text, isWhole }) => [text, isWhole]),
    [
      ["deno task smc …", false],
      ["cp a b", true],
      ["deno task x --a 1 --b 2", true],
    ],
  );
});

Deno.test("docs name only tasks that exist", () => {
  const names = new Set(Object.keys(config.tasks));
  const unknown = commands.filter((command) => {
    const task = taskOf(command);
    return task !== null && !names.has(task.name);
  });
  assert.deepEqual(unknown, []);
});

Deno.test("docs name only commands and options that `deno task agent` knows", () => {
  const unknown: string[] = [];
  for (const command of commands) {
    const task = taskOf(command);
    const [verb] = task?.words ?? [];
    if (task?.name !== "agent" || verb === undefined || verb === "…") continue;
    if (verb === "--version" || verb === "help") continue;
    const known = COMMANDS.find(({ name }) => name === verb);
    const options = { ...COMMON_OPTIONS, ...known?.options };
    const wrong = optionsIn(task.words).filter((name) => !(name in options));
    if (known === undefined || wrong.length > 0) {
      unknown.push(`${command.place}: ${command.text}`);
    }
  }
  assert.deepEqual(unknown, []);
});

Deno.test("docs name only options that the help of a task has", async () => {
  const wanted = new Map<string, Map<string, string>>();
  for (const command of commands) {
    const task = taskOf(command);
    if (task === null || task.name === "agent") continue;
    const options = optionsIn(task.words);
    if (options.length === 0) continue;
    const [verb = ""] = task.words;
    const asked = WITH_VERBS.includes(task.name)
      ? `${task.name} ${verb}`
      : task.name;
    const places = wanted.get(asked) ?? new Map();
    for (const option of options) places.set(option, command.place);
    wanted.set(asked, places);
  }
  assert.ok(wanted.size > 5);
  const unknown: string[] = [];
  await Promise.all([...wanted].map(async ([task, places]) => {
    const help = await helpOf(task);
    for (const [option, place] of places) {
      if (!new RegExp(`--${option}\\b`).test(help)) {
        unknown.push(`${place}: deno task ${task} --${option}`);
      }
    }
  }));
  assert.deepEqual(unknown, []);
});

async function helpOf(task: string): Promise<string> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...task.split(" "), "--help"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  assert.equal(code, 0, `deno task ${task} --help`);
  return new TextDecoder().decode(stdout);
}

Deno.test("docs name only runs of `deno task test` that there are", () => {
  const named = commands.flatMap((command) => {
    const task = taskOf(command);
    return task?.name === "test" ? task.words : [];
  });
  const names: readonly string[] = [TOGETHER, ...APART].map(({ name }) => name);
  assert.deepEqual(named.filter((name) => !names.includes(name)), []);
});

Deno.test("docs name only endpoints that are served, by their method", () => {
  const served = new Set(endpointRows().map(([endpoint]) => plain(endpoint!)));
  // The same as `/api/metrics`, where Prometheus looks for it.
  served.add("GET /metrics");
  const unknown = listGuides().flatMap((file) =>
    [
      ...readGuide(file).matchAll(
        /\b(GET|POST|PUT|PATCH|DELETE) (\/(?:api|metrics)[^\s`|,)?]*)/g,
      ),
    ].filter(([, method, path]) => !served.has(plain(`${method} ${path}`)))
      .map(([endpoint]) => `${file}: ${endpoint}`)
  );
  assert.deepEqual(unknown, []);
});

/** Parameters may have any name; the end of a sentence is none of the path. */
function plain(endpoint: string): string {
  return endpoint.replaceAll("`", "").replaceAll(/\{\w+\}|:\w+/g, "*")
    .replace(/[.;:]+$/, "");
}

Deno.test("docs set only variables that something reads", () => {
  const known = [
    ...Object.keys(ENV_VARIABLES),
    ...Object.keys(CLIENT_VARIABLES),
    ...OTHER_VARIABLES,
  ];
  const unknown = listGuides().flatMap((file) =>
    [...readGuide(file).matchAll(/\b([A-Z][A-Z_]{3,})=/g)]
      .filter(([, name]) => !known.includes(name!))
      .map(([, name]) => `${file}: ${name}`)
  );
  assert.deepEqual(unknown, []);
});

Deno.test("every command of README and docs is walked, or says why it cannot be", () => {
  const typed = new Set(
    commands.filter(({ isWhole }) => isWhole).map(({ text }) => text),
  );
  const classed = [
    ...WALK.map(({ command }) => command),
    ...Object.keys(CHECKED),
  ];
  assert.deepEqual(
    [...typed].filter((text) => !classed.includes(text)),
    [],
    "Put it into WALK of tests/support/docs/walk.ts, or into CHECKED with the reason",
  );
  assert.deepEqual(
    classed.filter((text) => !typed.has(text)),
    [],
    "No text has it any more: take it out of tests/support/docs/walk.ts",
  );
});
