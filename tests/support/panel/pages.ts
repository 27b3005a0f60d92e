/** Every page of the panel with something to show. */
import type { AgentView } from "../../../lib/contracts/agent.ts";
import type { BacktestView } from "../../../lib/contracts/backtest.ts";
import type { TestApi } from "../api.ts";
import { agentConfig } from "../config.ts";

const ROUTES = new URL("../../../routes/", import.meta.url);

/** Pages that are seen before there is a login. */
export const OPEN_PAGES = ["/login", "/setup"] as const;

/** What the pages show. */
export interface Shown {
  /** Id of an agent that trades. */
  agent: string;
  /** Id of a backtest. */
  run: string;
}

/** An agent that trades and a backtest, so that pages have something to show. */
export async function fillPanel(api: TestApi): Promise<Shown> {
  const { id: agent } = await api.send<AgentView>(
    "POST",
    "/api/agents/spawn",
    { config: agentConfig({ name: "shown" }), acknowledgeWarnings: true },
  );
  const { id: run } = await api.send<BacktestView>("POST", "/api/backtests", {
    config: agentConfig({ name: "shown-run" }),
    data: { kind: "simulated", candles: 300, seed: 7 },
  });
  return { agent, run };
}

/** The addresses of the pages whose file does not say them. */
function known({ agent, run }: Shown): Readonly<
  Record<string, readonly string[]>
> {
  return {
    "_error.tsx": ["/no-such-page"],
    "index.tsx": ["/"],
    "emergency-stop.tsx": ["/emergency-stop", "/emergency-stop?show=drill"],
    "agents/[id]/command.tsx": [`/agents/${agent}/command?action=stop`],
    "agents/[id].tsx": [`/agents/${agent}`, `/agents/${agent}?tab=risk`],
    "backtests/index.tsx": ["/backtests", `/backtests?compare=${run}`],
    "templates/[name].tsx": ["/templates/fvg-moderate"],
    "templates/compare.tsx": [
      "/templates/compare",
      "/templates/compare?names=fvg-moderate&names=order-block-conservative",
    ],
    "backtests/[id]/index.tsx": [`/backtests/${run}`],
    "backtests/[id]/replay.tsx": [`/backtests/${run}/replay`],
  };
}

/**
 * The address of every page behind the login, found by the files of `routes/`.
 *
 * @throws {Error} where it is not known what a page with a parameter shows.
 */
export async function addressesOf(shown: Shown): Promise<string[]> {
  const files = (await listPages()).filter((file) =>
    !/^(_app|_layout|login|logout|setup)\.tsx$/.test(file)
  );
  return files.flatMap((file) => {
    const addresses = known(shown)[file];
    if (addresses !== undefined) return addresses;
    // Pages without a parameter: their address is their file's.
    if (!file.includes("[")) {
      return [`/${file.replace(/(\/?index)?\.tsx$/, "")}`];
    }
    throw new Error(
      `Nobody knows what ${file} shows: add it to known() in tests/support/panel/pages.ts`,
    );
  });
}

async function listPages(folder = ""): Promise<string[]> {
  const found: string[] = [];
  for await (
    const { name, isDirectory } of Deno.readDir(new URL(folder, ROUTES))
  ) {
    const path = `${folder}${name}`;
    if (isDirectory && !name.startsWith("(")) {
      found.push(...await listPages(`${path}/`));
    } else if (name.endsWith(".tsx")) found.push(path);
  }
  return found.sort();
}
