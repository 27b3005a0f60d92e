const ROOT = new URL("../../", import.meta.url);

/** The command `halt` with the permissions of its task, but for the folder of the test. */
export function haltCommand(
  dataDir: string,
  args: readonly string[],
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--frozen",
      "--cached-only",
      "--no-prompt",
      "--allow-net",
      "--allow-env=API_BASE_URL,AGENT_TOKEN,DATA_DIR,NO_COLOR,XDG_CONFIG_HOME,HOME",
      `--allow-read=${dataDir}/emergency`,
      `--allow-write=${dataDir}/emergency`,
      new URL("tasks/agent.ts", ROOT).pathname,
      "halt",
      ...args,
    ],
    env: { DATA_DIR: dataDir, NO_COLOR: "1" },
  });
}
