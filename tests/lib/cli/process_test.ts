/** The command line as a process of its own, with the permissions of its tasks. */
import assert from "node:assert/strict";
import { PASSWORD } from "../api/fake_ports.ts";
import { createMachine } from "./machine.ts";

const ROOT = new URL("../../../", import.meta.url);

interface Outcome {
  code: number;
  out: string;
  err: string;
}

interface Start {
  /** Whose permissions it has. */
  task?: "agent" | "host";
  args: string[];
  env: Record<string, string>;
  input?: string;
}

async function start(
  home: string,
  { task = "agent", args, env: more, input = "" }: Start,
): Promise<Outcome> {
  const env: Record<string, string> = {
    HOME: home,
    PATH: "",
    DENO_DIR: Deno.env.get("DENO_DIR") ??
      `${Deno.env.get("HOME")}/.cache/deno`,
    ...more,
  };
  const child = new Deno.Command(Deno.execPath(), {
    args: [...await wordsOf(task, env), ...args],
    cwd: ROOT,
    env,
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** What a task has Deno do, as its shell reads it: a variable that is not set is nothing. */
async function wordsOf(
  task: string,
  env: Record<string, string>,
): Promise<string[]> {
  const { tasks } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", ROOT)),
  );
  const command: string = tasks[task].command;
  return command.replaceAll(/\$(\w+)/g, (_, name) => env[name] ?? "")
    .split(" ").slice(1);
}

Deno.test("tasks/agent.ts logs in and works with no more than its permissions; the token file has mode 600", async () => {
  await using machine = createMachine();
  const home = await Deno.makeTempDir();
  try {
    const env = { API_BASE_URL: `${machine.server}/api` };
    const login = await start(home, {
      args: ["login", "--email", "trader@example.com", "--password-stdin"],
      env,
      input: `${PASSWORD}\n`,
    });
    assert.equal(login.code, 0, login.err);
    const file = `login-${encodeURIComponent(machine.server)}.json`;
    const path = `${home}/.config/smc-fleet/${file}`;
    const { mode } = await Deno.stat(path);
    assert.equal(mode! & 0o777, 0o600);
    const folder = await Deno.stat(`${home}/.config/smc-fleet`);
    assert.equal(folder.mode! & 0o777, 0o700);
    const spawned = await start(home, {
      args: ["spawn", "--template", "smc-order-block", "--name", "mine"],
      env,
    });
    assert.equal(spawned.code, 0, spawned.err);
    const listed = await start(home, { args: ["list", "--json"], env });
    assert.equal(JSON.parse(listed.out)[0].name, "mine");
    assert.equal(listed.err, "");
    const checked = await start(home, { args: ["doctor", "--json"], env });
    const { checks } = JSON.parse(checked.out);
    assert.deepEqual(
      checks.slice(0, 4).map(({ name, state }: Record<string, string>) =>
        `${name} ${state}`
      ),
      ["settings ok", "login folder ok", "worker ok", "server ok"],
    );
    const left = [...Deno.readDirSync(`${home}/.config/smc-fleet`)];
    assert.deepEqual(left.map((entry) => entry.name), [file]);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});

Deno.test("deno task host lists the hosts with no more than its permissions", async () => {
  await using machine = createMachine();
  const home = await Deno.makeTempDir();
  try {
    const env = {
      API_BASE_URL: `${machine.server}/api`,
      AGENT_TOKEN: machine.world.tokens.admin,
    };
    const listed = await start(home, {
      task: "host",
      args: ["list"],
      env,
    });
    assert.equal(listed.code, 0, listed.err);
    assert.match(listed.out, /host-1\talive/);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
