/** Tests without servers of their own: the files of one folder in one process, so that it loads what they import once. */
export const TOGETHER = {
  name: "layers",
  paths: [
    "tests/architecture",
    "tests/lib",
    "tests/actors",
    "tests/agents",
    "tests/islands",
    "tests/simulation",
    "tests/venue",
  ],
} as const;

/** Tests that start servers and browsers: each file in a process of its own, with ports and folders of its own. */
export const APART = [
  { name: "platform", path: "tests/integration" },
  { name: "browser", path: "tests/e2e" },
  { name: "faults", path: "tests/faults" },
] as const;

/**
 * Files that the gate, which is to end within eight minutes on two processors,
 * leaves to `deno task test:long`: walks through every state of a page, faults
 * one after the other, all that a document says. CI runs both.
 */
export const LONG = [
  "tests/integration/chaos_test.ts",
  "tests/integration/replay_parity_test.ts",
  "tests/integration/docs_walk_test.ts",
  "tests/integration/burning_thread_test.ts",
  "tests/integration/api_fuzz_test.ts",
  "tests/integration/key_rotation_test.ts",
  "tests/integration/build_test.ts",
  "tests/integration/team_replay_test.ts",
  "tests/integration/canary_test.ts",
  "tests/integration/disk_read_only_test.ts",
  "tests/integration/runtime_fetch_test.ts",
  "tests/integration/dying_workers_test.ts",
  "tests/faults/backup_restore_test.ts",
  "tests/faults/backup_journals_test.ts",
  "tests/e2e/agent_states_test.ts",
  "tests/e2e/settings_states_test.ts",
  "tests/e2e/desk_states_test.ts",
  "tests/e2e/fleet_states_test.ts",
  "tests/e2e/agent_page_test.ts",
  "tests/e2e/backtests_test.ts",
  "tests/e2e/offline_test.ts",
  "tests/e2e/keyboard_test.ts",
  "tests/e2e/teams_test.ts",
] as const;

/** Files of which the gate runs a share, by `tests/support/thorough.ts`; the whole of them is in `deno task test:long`, too. */
export const SHORTENED = [
  "tests/e2e/every_page_test.ts",
  "tests/simulation/venue/crash_points_test.ts",
  "tests/lib/store/audit/tampering_test.ts",
  "tests/lib/store/shared_head_test.ts",
  "tests/lib/fleet/cluster/simulation_test.ts",
] as const;

/** These take longest, most of it waiting: they come first, so that none of them is what all wait for at the end. */
export const LONGEST = [
  "tests/integration/live_trading_test.ts",
  "tests/e2e/every_page_test.ts",
  "tests/integration/cluster_test.ts",
  "tests/integration/decision_engine_test.ts",
  "tests/integration/guard_test.ts",
  "tests/integration/team_test.ts",
  "tests/e2e/first_agent_test.ts",
  "tests/integration/recovery_test.ts",
  "tests/e2e/live_trading_test.ts",
  "tests/integration/parent_test.ts",
  "tests/e2e/restart_test.ts",
] as const;

/** The same of the groups. */
export const LONGEST_GROUPS = [
  "actors",
  "simulation",
  "lib_desk",
  "lib_backtest",
  "agents",
  "lib_inference",
  "lib_store",
] as const;
