import assert from "node:assert/strict";
import { CLIENT_VARIABLES } from "../../lib/core/env_client.ts";
import { TELEMETRY_VARIABLES } from "../../lib/core/env_telemetry.ts";
import { ENV_VARIABLES } from "../../lib/core/env.ts";
import { listPackages } from "../../tasks/docs/package_rows.ts";

const ROOT = new URL("../../", import.meta.url);

interface Config {
  allowScripts: { allow: readonly string[]; deny: readonly string[] };
  lock: { frozen: boolean };
  minimumDependencyAge: string;
  tasks: Readonly<Record<string, { command?: string }>>;
  imports: Readonly<Record<string, string>>;
}

async function readConfig(file: string): Promise<Config> {
  return JSON.parse(await Deno.readTextFile(new URL(file, ROOT)));
}

const CONFIGS = ["deno.json", "deno.jsr.json"] as const;

/** Runs tests, which try what is forbidden and write where they like. */
const TEST_TASKS = [
  "test",
  "test:long",
  "test:unit",
  "test:integration",
  "test:e2e",
  "ok",
];

const NAMED_BY_PEOPLE = "people name files anywhere";
const DATA_ANYWHERE = "DATA_DIR and CANDLES_DIR may be anywhere";
const DENO_ITSELF = "starts Deno, whose path depends on how it was installed";
const BUNDLER = "the bundler is a program of its own for each system";
const BUNDLER_ENV = "Node's way to start a program copies the environment";
const BROWSER = "drives a browser";

const SERVER_OF_ITS_OWN = {
  read: "works in the system's folder for what is temporary",
  write: "works in the system's folder for what is temporary",
  env: "hands its environment on to the server that it starts",
  run: DENO_ITSELF,
};

/** Why a task has a permission without a list. Every other one has a list. */
const WITHOUT_LIST: Readonly<Record<string, Readonly<Record<string, string>>>> =
  {
    start: { read: DATA_ANYWHERE, run: DENO_ITSELF },
    dev: {
      read: DATA_ANYWHERE,
      write: DATA_ANYWHERE,
      env: BUNDLER_ENV,
      run: BUNDLER,
    },
    build: { env: BUNDLER_ENV, run: BUNDLER },
    agent: { net: "people name servers anywhere" },
    host: { net: "people name servers anywhere" },
    backtest: { read: NAMED_BY_PEOPLE, write: NAMED_BY_PEOPLE },
    replay: { read: NAMED_BY_PEOPLE },
    data: { read: NAMED_BY_PEOPLE, run: DENO_ITSELF },
    smc: { read: NAMED_BY_PEOPLE },
    ml: { read: NAMED_BY_PEOPLE, write: NAMED_BY_PEOPLE },
    backup: { read: NAMED_BY_PEOPLE, write: NAMED_BY_PEOPLE },
    restore: { read: NAMED_BY_PEOPLE, write: NAMED_BY_PEOPLE },
    keys: { read: DATA_ANYWHERE, write: DATA_ANYWHERE },
    audit: { read: NAMED_BY_PEOPLE, run: DENO_ITSELF },
    bench: { run: DENO_ITSELF },
    chaos: {
      read: "works in the system's folder for what is temporary",
      write: "works in the system's folder for what is temporary",
      env: "hands its environment on to the servers that it kills",
      run: DENO_ITSELF,
    },
    load: SERVER_OF_ITS_OWN,
    soak: SERVER_OF_ITS_OWN,
    cluster: {
      read: "works in the system's folder for what is temporary",
      write: "works in the system's folder for what is temporary",
      env: "hands its environment on to the processes that it kills",
      run: DENO_ITSELF,
    },
    published: { read: "CCXT_FIXTURES_DIR may be anywhere" },
    sim: { run: DENO_ITSELF },
    screenshots: {
      read: BROWSER,
      write: BROWSER,
      env: BROWSER,
      run: BROWSER,
      sys: BROWSER,
    },
  };

for (const file of CONFIGS) {
  Deno.test(`${file}: tasks have exact permissions, and say why where one has no list`, async () => {
    const { tasks } = await readConfig(file);
    const found: Record<string, string[]> = {};
    for (const [name, { command = "" }] of Object.entries(tasks)) {
      if (TEST_TASKS.includes(name) || !/\bdeno run\b/.test(command)) continue;
      const flags = command.split(" ").filter((word) => word.startsWith("-"));
      assert.ok(!flags.includes("-A"), `${name} may do everything`);
      assert.ok(!flags.includes("--allow-all"), `${name} may do everything`);
      if (name !== "published") assert.ok(flags.includes("--no-prompt"), name);
      assert.ok(flags.includes("--frozen") || name === "published", name);
      const bare = flags.filter((flag) => /^--allow-[a-z]+$/.test(flag))
        .map((flag) => flag.slice("--allow-".length));
      if (bare.length > 0) found[name] = bare.toSorted();
    }
    const expected = Object.fromEntries(
      Object.entries(WITHOUT_LIST).map((
        [name, why],
      ) => [name, Object.keys(why).toSorted()]),
    );
    assert.deepEqual(found, expected);
  });

  Deno.test(`${file}: \`start\` reads the product's variables, those of OpenTelemetry, and no other`, async () => {
    const { tasks } = await readConfig(file);
    const [, names] = /--allow-env=(\S+)/.exec(tasks["start"]!.command!) ?? [];
    assert.deepEqual(names!.split(","), [
      ...Object.keys(ENV_VARIABLES),
      ...Object.keys(TELEMETRY_VARIABLES),
    ]);
  });

  Deno.test(`${file}: tasks of the command line may read every variable that it reads, and no other`, async () => {
    const { tasks } = await readConfig(file);
    const read = clientNames();
    for (const name of Object.keys(CLIENT_VARIABLES)) {
      assert.ok(read.includes(name), `${name} is read nowhere`);
    }
    const shown = Object.entries(ENV_VARIABLES)
      .filter(([, variable]) => !("isSecret" in variable))
      .map(([name]) => name);
    const listed = Object.entries(tasks).flatMap(([name, { command = "" }]) => {
      if (!command.includes(" tasks/agent.ts")) return [];
      const [, names] = /--allow-env=(\S+)/.exec(command) ?? [];
      return [[name, names?.split(",").toSorted()]];
    });
    assert.deepEqual(Object.fromEntries(listed), {
      // Its doctor reads the server's settings, too.
      agent: [...new Set([...read, ...shown])].toSorted(),
      host: read,
    });
  });

  Deno.test(`${file}: packages are exact, locked, three days old and run no script`, async () => {
    const config = await readConfig(file);
    assert.equal(config.lock.frozen, true);
    assert.equal(config.minimumDependencyAge, "P3D");
    assert.deepEqual(config.allowScripts.allow, []);
    for (const [name, target] of Object.entries(config.imports)) {
      if (!target.startsWith("npm:")) continue;
      assert.match(
        target,
        /^npm:\/?(@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+(-[\w.]+)?(\/.*)?$/,
        `${name} has no exact version`,
      );
    }
  });
}

/** Variables that the command line names where it reads them. */
function clientNames(): string[] {
  const texts: string[] = [];
  collectTexts(new URL("lib/cli/", ROOT), texts);
  const found = texts.flatMap((text) =>
    [...text.matchAll(/\benv\(\s*"([A-Z_]+)"/g)].map(([, name]) => name!)
  );
  return [...new Set(found)].toSorted();
}

Deno.test("every line of the import map is used", async () => {
  const { imports } = await readConfig("deno.json");
  const texts = ["main.ts", "dev.ts", "fresh.config.ts"].map((file) =>
    Deno.readTextFileSync(new URL(file, ROOT))
  );
  for (
    const folder of [
      "actors",
      "agents",
      "islands",
      "lib",
      "routes",
      "tasks",
      "tests",
    ]
  ) collectTexts(new URL(`${folder}/`, ROOT), texts);
  const all = texts.join("\n");
  const unused = Object.keys(imports).filter((name) => {
    // Types come along with their package; the JSX transform writes its own import.
    if (name.startsWith("@types/") || name === "preact/jsx-runtime") {
      return false;
    }
    return !all.includes(name.endsWith("/") ? `"${name}` : `"${name}"`) &&
      !all.includes(`"${name}/`);
  });
  assert.deepEqual(unused, []);
});

function collectTexts(folder: URL, texts: string[]): void {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) collectTexts(new URL(`${name}/`, folder), texts);
    else if (/\.tsx?$/.test(name)) {
      texts.push(Deno.readTextFileSync(new URL(name, folder)));
    }
  }
}

Deno.test("every package says its licence, and all of them let us pass it on", () => {
  const unusual = listPackages().filter(({ name, licence }) =>
    !/^(MIT|MIT-0|ISC|0BSD|Unlicense|Apache-2\.0|BSD-[23]-Clause|CC0-1\.0)$/
      .test(licence) &&
    // Its files may be passed on as they are, and only tests load them.
    !(name === "axe-core" && licence === "MPL-2.0")
  );
  assert.deepEqual(unusual, []);
});
