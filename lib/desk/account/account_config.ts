import { orderDelay, PRESET_COSTS } from "../../../agents/execution/costs.ts";
import type { DeskAccountConfig } from "../../contracts/desk.ts";

/** Whether a configuration would change nothing of a running account; its capital and start never change. */
export function isSameConfig(
  current: DeskAccountConfig,
  next: DeskAccountConfig,
): boolean {
  const { initialCapital } = current.risk;
  const comparable = (config: DeskAccountConfig) =>
    JSON.stringify([
      config.symbol,
      config.pacing,
      config.seed,
      sortedEntries(config.costs ?? PRESET_COSTS),
      // The candle length matters to a latency only.
      orderDelay(config.costs?.latencyMs ?? 0, config.candleMs ?? 0),
      config.entriesAllowed,
      sortedEntries({ ...config.risk, initialCapital }),
      sortedEntries(config.safety),
    ]);
  return comparable(current) === comparable(next);
}

/** A new configuration of a running account. Its capital, its start and where its orders go are facts and no settings. */
export function withFactsOf(
  { startSeq, risk, execution }: DeskAccountConfig,
  next: DeskAccountConfig,
): DeskAccountConfig {
  return {
    ...next,
    startSeq,
    risk: { ...next.risk, initialCapital: risk.initialCapital },
    ...(execution === undefined ? {} : { execution }),
  };
}

/** Whether an account trades at its exchange with a key. */
export function tradesWith(
  { execution }: DeskAccountConfig,
  keyId: string,
): boolean {
  return execution?.kind === "venue" && execution.credentialId === keyId;
}

function sortedEntries(object: object): [string, unknown][] {
  return Object.entries(object).sort(([a], [b]) => a < b ? -1 : 1);
}
