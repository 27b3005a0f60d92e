/** The command line as a process of its own, with the permissions of its task. */
import assert from "node:assert/strict";
import { PASSWORD } from "../api/fake_ports.ts";
import { createMachine } from "./machine.ts";

const ENTRY = new URL("../../../tasks/agent.ts", import.meta.url);

interface Outcome {
  code: number;
  out: string;
  err: string;
}

async function start(
  home: string,
  options: { args: string[]; env: Record<string, string>; input?: string },
): Promise<Outcome> {
  const folder = `${home}/.config/smc-fleet`;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--frozen",
      "--no-prompt",
      "--allow-net",
      "--allow-sys=statfs",
      await environmentFlag(),
      `--allow-read=.env,${folder}`,
      `--allow-write=${folder}`,
      ENTRY.pathname,
      ...options.args,
    ],
    env: {
      HOME: home,
      PATH: "",
      DENO_DIR: Deno.env.get("DENO_DIR") ??
        `${Deno.env.get("HOME")}/.cache/deno`,
      ...options.env,
    },
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(options.input ?? ""));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** Which variables `deno task agent` may read. */
async function environmentFlag(): Promise<string> {
  const config = JSON.parse(
    await Deno.readTextFile(new URL("../../../deno.json", import.meta.url)),
  );
  return /--allow-env=\S+/.exec(config.tasks.agent.command)![0];
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
