/**
 * Every command that README and docs tell people to type, in the order in which
 * the test types them, and those that it cannot type.
 *
 * @module
 */

/** A command that is typed as it stands. */
export interface Step {
  /** As it stands in the text. */
  command: string;
  /** What is typed instead of it, where the text leaves something out or a clean machine cannot have it. */
  typed?: string;
  /** What it must print. */
  prints?: RegExp;
  /** It does not end by itself: it is ended when it has printed this. */
  until?: RegExp;
  /** What it reads. */
  input?: string;
  /** What must be true before; see the test. */
  needs?: "noServer" | "emptyData";
}

const agent = (words: string, more: Partial<Step> = {}): Step => ({
  command: `deno task agent ${words}`,
  ...more,
});
const task = (words: string, more: Partial<Step> = {}): Step => ({
  command: `deno task ${words}`,
  ...more,
});

/** In this order: what a step makes, a later one uses. */
export const WALK: readonly Step[] = [
  // The terminal's question for the password is the one thing that a pipe cannot answer.
  agent("login --email you@example.com", {
    typed: "deno task agent login --email you@example.com --password-stdin",
    input: "olive lantern quiet harbour\n",
  }),
  agent("templates", { prints: /structure-combined/ }),
  agent("spawn --template structure-combined --name btc-one"),
  agent("list", { prints: /btc-one/ }),
  agent("logs btc-one --follow", { until: /\n/ }),
  agent("resources btc-one", { prints: /heap/i }),
  agent("pause btc-one"),
  agent("templates export btc-one --as my-setup > my-setup.template.json"),
  agent("templates import < my-setup.template.json", { prints: /my-setup/ }),
  agent("halt --drill --lever flatten", { prints: /btc-one/ }),
  agent("recordings btc-one"),
  agent("stop btc-one"),
  agent("team templates", { prints: /smc-signals/ }),
  agent("team spawn --template smc-signals --name btc"),
  agent("team show btc", { prints: /btc/ }),
  agent("team stop btc"),
  agent("tokens create nightly --scope agents.read,logs.read --days 30", {
    // A terminal asks for the proof by itself.
    typed:
      "deno task agent factor prove && deno task agent tokens create nightly --scope agents.read,logs.read --days 30",
    input: "olive lantern quiet harbour\n",
    prints: /nightly|smc_/,
  }),
  agent("audit verify", { prints: /whole|fit/ }),
  task("data import my.csv --symbol BTC/USDT", { prints: /my/ }),
  task(
    "data import ~/Downloads/Binance_BTCUSDT_1h.csv --symbol BTC/USDT",
  ),
  task("data list", { prints: /my/ }),
  agent(
    "spawn --template structure-combined --name replay --candles my.candles --timeframe 15m --speed max",
  ),
  task(
    "backtest --candles data/candles/my.candles --template structure-combined",
    { prints: /trades/i },
  ),
  task(
    "backtest --candles data/candles/my.csv.gz --template structure-combined",
    { prints: /trades/i },
  ),
  task(
    "backtest --simulated 50000 --template fvg-moderate --cost latencyMs=300",
    {
      typed:
        "deno task backtest --simulated 2000 --template fvg-moderate --cost latencyMs=300",
      prints: /trades/i,
    },
  ),
  task(
    "backtest --candles … --template … --sweep strategies.fvg.minGapAtr=0.3..0.9/0.2 --walk-forward 5 --objective sharpe --report report.html",
    {
      typed:
        "deno task backtest --candles my.csv --template fvg-moderate --sweep strategies.fvg.minGapAtr=0.3..0.9/0.2 --walk-forward 5 --objective sharpe --report report.html",
    },
  ),
  task("smc --candles my.csv.gz --indicator ob --set swing_length=10", {
    prints: /OB/i,
  }),
  task("smc --candles my.csv.gz --indicator ob --mode causal", {
    prints: /OB/i,
  }),
  task("audit verify", { prints: /whole/ }),
  task("backup", { prints: /Backed up/ }),
  task("backup --out /mnt/backups/monday", { prints: /Backed up/ }),
  task("audit verify /mnt/backups/monday", { prints: /whole/ }),
  agent('halt --reason "the feed is wrong"'),
  agent("halt --agent btc-one --lever flatten"),
  agent("halts", { prints: /stop_/ }),
  // The end of a server signs its trail.
  task("audit verify --checkpoints /mnt/ship/checkpoints.jsonl", {
    needs: "noServer",
    prints: /whole/,
  }),
  task("keys list", { needs: "noServer", prints: /seals/ }),
  task("keys rotate", { needs: "noServer" }),
  task("keys retire", { needs: "noServer" }),
  task("restore --from /mnt/backups/monday --replace", {
    needs: "noServer",
    prints: /Restored/,
  }),
  task("restore --from /mnt/backups/monday", {
    needs: "emptyData",
    prints: /Restored/,
  }),
  { command: "cp .env.example .env", typed: "cp /project/.env.example .env" },
];

const STARTS =
  "it starts the server, as startServer() does with the same flags";
const EXCHANGE = "an exchange on the Internet";
const MODELS =
  "models and their runtime, which are fetched; ml_command_test.ts";
const HOSTS = "several hosts; hosts tests of the command line";
const LOAD = "minutes, and a machine that does nothing else; load tests";
const BUNDLES = "what the text says that you have; bundles_test.ts";
const DOCKER = "a container engine; image_test.ts";

/** Those that are not typed, and what a clean machine without network lacks for them, or which test types them. */
export const CHECKED: Readonly<Record<string, string>> = {
  "npx -y deno@2.9.6 task start": STARTS,
  "PUBLIC_ORIGINS=https://fleet.example TRUSTED_PROXIES=127.0.0.1 deno task start":
    STARTS,
  "npx -y deno@2.9.6 task test": "it is the gate",
  "deno task ok": "it is the gate",
  "deno task test:long": "this test is part of it",
  "docker compose up --build": DOCKER,
  "docker compose logs fleet": DOCKER,
  "deno task data download --exchange binance --symbol BTC/USDT --timeframe 1m --from 2024-01-01":
    EXCHANGE,
  "deno task data show binance-btc-usdt-1m": "what was downloaded",
  "deno task data resample binance-btc-usdt-1m --to 15m": "what was downloaded",
  'deno task agent absent btc-live 52.0-entry --reason "in no list of orders or trades"':
    EXCHANGE,
  "deno task data export binance-btc-usdt-1m-15m --csv > btc.csv":
    "what was downloaded",
  "deno task agent spawn --template NAME --name live --feed exchange --exchange binance --market spot --symbol BTC/USDT --timeframe 1m":
    EXCHANGE,
  "deno task agent spawn --template structure-combined --name btc-live --feed exchange --exchange binance --market swap --symbol BTC/USDT --mode live --key main":
    EXCHANGE,
  'deno task agent release stop_… --reason "the feed is right again"':
    "a code or a password on a terminal; halt_test.ts",
  "deno task audit verify audit.ndjson --key 3ICV1Q…":
    "an export and the key that signed it; task_test.ts",
  "deno task agent recordings btc-one agt_…-3.session > btc-one.session":
    "a recorded session; recordings_test.ts",
  "deno task replay btc-one.session": "a recorded session; recording_test.ts",
  "deno task ml check my-model": MODELS,
  "deno task ml add my-model": MODELS,
  "deno task ml runtime": MODELS,
  "deno task ml evaluate --candles eurusd-1h.csv.gz": MODELS,
  'deno task ml dataset --candles data/candles/my.candles --out my.rows --from 2019-01-01 --to 2019-12-31 --train-to 2019-09-30 --licence "CC0"':
    "seven years of candles; dataset tests",
  "deno task restore --from data/backups/upgrade-3-to-4-2026-12-01T09-00-00.000Z --replace":
    "data of an older build; upgrade_backup_test.ts",
  "deno task agent spawn --type risk_manager --name warden --timeframe 15m --guards scalper,hunter --set guard.rules.drawdown_pct.limit=8":
    "the agents that it guards; guard_test.ts",
  "denokv --sqlite-path /var/lib/fleet/kv.sqlite serve --addr 127.0.0.1:4512":
    "a KV server of its own; the processes over one are cluster_test.ts",
  "deno task host list": HOSTS,
  "deno task host drain host-1": HOSTS,
  "deno task host forget host-1": HOSTS,
  "OTEL_DENO=true OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 deno task start":
    "a collector; telemetry_test.ts",
  "deno task load": LOAD,
  "deno task load --agents 50 --seconds 20 --json": LOAD,
  "deno task load --write-docs": LOAD,
  "deno task agent bundles export template fvg-moderate --as gaps --author Ada --backtest bt_… > gaps.smcbundle.json":
    "a finished backtest; bundles tests of the command line",
  "deno task agent bundles export agent my-agent --as mine --author Ada > mine.smcbundle.json":
    BUNDLES,
  "deno task agent bundles export team my-team --as crew --author Ada > crew.smcbundle.json":
    BUNDLES,
  "deno task agent bundles verify < gaps.smcbundle.json": BUNDLES,
  "deno task agent bundles import --name gaps=adas-gaps < gaps.smcbundle.json":
    BUNDLES,
  "deno task agent risk warden": "a risk manager; risk_test.ts",
  "deno task agent rearm warden": "a risk manager; risk_test.ts",
};
