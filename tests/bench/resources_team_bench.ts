/**
 * What agents of a team use, one of each type: on simulated markets of several
 * speeds and in a replay at full speed. What it prints under `resources.fit`
 * are the constants of agents/resource_model.ts; see resources_bench.ts, which
 * does the same for detectors alone. One line of JSON a figure.
 *
 * @module
 */
import type {
  AgentConfigInput,
  AgentType,
} from "../../lib/contracts/agent_config.ts";
import { ensureBuilt } from "../support/built.ts";
import { randomWalk } from "../agents/fixtures/candles.ts";
import { tirelessConfig } from "../support/config.ts";
// The engine of the team runs models.
import "../support/model_runtime.ts";
import { withTempDir } from "../support/temp.ts";
import { startMeasured } from "./measured_agents.ts";
import { measure, print, printUse, type Use } from "./measured_use.ts";

const MINUTE_MS = 60_000;
const REPLAY_CANDLES = 300_000;
const REPLAY_FILE = "walk.csv";

/** Member of the team; the first listens to nobody. */
const TYPES = [
  "pattern_detector",
  "decision_engine",
  "executor",
  "risk_manager",
] as const satisfies readonly AgentType[];

type TeamUse = Readonly<Record<(typeof TYPES)[number], Use>>;

/** A detector whose setups an engine judges and an executor trades, guarded by a risk manager. */
async function measureTeam(
  label: string,
  options: {
    env: Readonly<Record<string, string>>;
    market: Partial<AgentConfigInput>;
  },
): Promise<TeamUse> {
  const platform = await startMeasured(options.env);
  try {
    const agents = [];
    let previous: string | null = null;
    for (const type of TYPES) {
      const name = `${label} ${type.replace("_", "-")}`;
      // deno-lint-ignore no-await-in-loop -- whom it listens to must be there
      const agent = await platform.spawn(name, {
        ...tirelessConfig(name),
        // As the models were trained.
        detector: {},
        ...options.market,
        ...roleOf(type, previous),
        type,
      });
      agents.push(agent);
      previous = name;
    }
    const uses = await Promise.all(agents.map(measure));
    return Object.fromEntries(
      uses.map((use, place) => [TYPES[place]!, use]),
    ) as unknown as TeamUse;
  } finally {
    await platform.stop();
  }
}

/** What makes a configuration one of its role. */
function roleOf(
  type: AgentType,
  previous: string | null,
): Partial<AgentConfigInput> {
  const sources = previous === null ? [] : [previous];
  switch (type) {
    case "pattern_detector":
      return { signalsOnly: true };
    case "decision_engine":
      return { signalsOnly: true, sources };
    case "executor":
      return { sources };
    case "risk_manager":
      return { guard: { scope: { kind: "user" } } };
  }
}

async function onMarket(
  speed: number,
  timeframe: AgentConfigInput["timeframe"],
): Promise<TeamUse> {
  return await withTempDir((dataDir) =>
    measureTeam(`sim-${speed}-${timeframe}`, {
      env: { DATA_DIR: dataDir, SIMULATION_SPEED: String(speed) },
      market: { timeframe },
    })
  );
}

async function atFullSpeed(): Promise<TeamUse> {
  return await withTempDir(async (dir) => {
    const rows = randomWalk({ seed: 1, count: REPLAY_CANDLES })
      .map(({ openAt, open, high, low, close, volume }) =>
        [openAt, open, high, low, close, volume].join(",")
      );
    await Deno.writeTextFile(
      `${dir}/${REPLAY_FILE}`,
      `timestamp_ms,open,high,low,close,volume\n${rows.join("\n")}\n`,
    );
    return await measureTeam("replay-max", {
      env: { DATA_DIR: `${dir}/data`, CANDLES_DIR: dir },
      market: {
        timeframe: "1m",
        feed: { kind: "replay", file: REPLAY_FILE, speed: "max" },
      },
    });
  });
}

await ensureBuilt();
const idle = await onMarket(60, "1d");
const slow = await onMarket(60, "1m");
const fast = await onMarket(1_200, "1m");
const full = await atFullSpeed();
for (const type of TYPES) {
  for (const team of [idle, slow, fast, full]) printUse(team[type]);
  print(`resources.fit.${type}.idleCores`, "cores", idle[type].cores);
  for (const [pace, team] of [["slow", slow], ["fast", fast]] as const) {
    const { cores, candlesPerMinute, messagesPerMinute } = team[type];
    // A risk manager hears of accounts and decides no candles.
    const candles = type === "risk_manager"
      ? team.executor.candlesPerMinute
      : candlesPerMinute;
    print(
      `resources.fit.${type}.${pace}.candleMs`,
      "ms",
      (cores - idle[type].cores) / candles * MINUTE_MS,
    );
    print(
      `resources.fit.${type}.${pace}.messagesPerCandle`,
      "messages",
      messagesPerMinute / candles,
    );
  }
}
