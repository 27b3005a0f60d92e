import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { EnvError } from "../../../lib/core/env.ts";
import {
  type Lookup,
  settingFaults,
  withClientVariables,
  withEnvFile,
} from "../../../lib/server/env_file.ts";
import { withTempDir } from "../../support/temp.ts";

/** Reads a file with these lines beside an environment with these variables. */
async function lookUpIn(
  lines: string | null,
  own: Readonly<Record<string, string>> = {},
): Promise<Lookup> {
  let lookUp: Lookup = () => undefined;
  await withTempDir(async (dir) => {
    if (lines !== null) await Deno.writeTextFile(`${dir}/.env`, lines);
    lookUp = withEnvFile((name) => own[name], pathToFileURL(`${dir}/.env`));
  });
  return lookUp;
}

Deno.test("withEnvFile() takes from the file what the environment does not say", async () => {
  const lookUp = await lookUpIn(
    '# a comment\nPORT=4001\nDATA_DIR="/srv/my data"\n#HOST=0.0.0.0\n',
    { PORT: "5001", DATA_DIR: "" },
  );
  assert.equal(lookUp("PORT"), "5001");
  assert.equal(lookUp("DATA_DIR"), "/srv/my data");
  assert.equal(lookUp("HOST"), undefined);
});

Deno.test("withEnvFile() goes on without a file", async () => {
  const lookUp = await lookUpIn(null, { PORT: "5001" });
  assert.equal(lookUp("PORT"), "5001");
  assert.equal(lookUp("HOST"), undefined);
});

Deno.test("withEnvFile() names what is no setting, and what may be meant", async () => {
  await assert.rejects(
    lookUpIn("MAX_AGENT_PER_USER=5\nAPI_BASE_URL=http://localhost:3001\n"),
    (error) => {
      assert(error instanceof EnvError);
      assert.equal(error.faults.length, 1);
      assert.match(
        error.faults[0]!,
        /\.env names MAX_AGENT_PER_USER.*Did you mean "MAX_AGENTS_PER_USER"\?/,
      );
      return true;
    },
  );
});

Deno.test("withClientVariables() takes those of the command line alone, and fails for nothing in the file", async () => {
  await withTempDir(async (dir) => {
    const file = pathToFileURL(`${dir}/.env`);
    const own: Record<string, string> = { AGENT_TOKEN: "smc_own" };
    const get = (name: string) => own[name];
    assert.equal(withClientVariables(get, file)("API_BASE_URL"), undefined);
    await Deno.writeTextFile(
      file,
      "API_BASE_URL=http://localhost:4001\nAGENT_TOKEN=smc_file\nDATA_DIR=/srv\nNONSENSE=1\n",
    );
    const lookUp = withClientVariables(get, file);
    assert.equal(lookUp("API_BASE_URL"), "http://localhost:4001");
    assert.equal(lookUp("AGENT_TOKEN"), "smc_own");
    // A folder of its own is what the permissions of the command are made of.
    assert.equal(lookUp("DATA_DIR"), undefined);
    assert.equal(
      withClientVariables(get, pathToFileURL(dir))("HOST"),
      undefined,
    );
  });
});

Deno.test("settingFaults() never looks at a secret, and takes none for missing", () =>
  withTempDir((dir) => {
    const file = pathToFileURL(`${dir}/.env`);
    const own: Record<string, string> = {
      PORT: "none",
      KV_URL: "https://kv.example",
      FLEET_ROLE: "host",
    };
    const faults = settingFaults((name) => {
      assert.ok(!/SECRET|TOKEN|SMTP_URL/.test(name), name);
      return own[name];
    }, file);
    assert.deepEqual(faults.map((fault) => fault.trim().split(" ")[0]), [
      "PORT",
    ]);
    Deno.writeTextFileSync(file, "EXCHANGE_KEY_SECRET=short\n");
    const ofFile = settingFaults(() => undefined, file);
    assert.match(ofFile.join(), /EXCHANGE_KEY_SECRET must be .* not shown/);
    return Promise.resolve();
  }));
