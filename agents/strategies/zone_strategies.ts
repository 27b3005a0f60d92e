import { proposeGap } from "./fvg.ts";
import { proposeOrderBlock } from "./order_block.ts";
import { endOfZoneSetup, type ZoneSetup } from "./setup.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";

/** The retest of an order block. */
export function createOrderBlockStrategy(): Strategy<null> {
  return createZoneStrategy(
    "orderBlock",
    ({ detectors, strategies }) =>
      proposeOrderBlock(detectors, strategies.orderBlock),
  );
}

/** The return into a fair value gap. */
export function createGapStrategy(): Strategy<null> {
  return createZoneStrategy(
    "fvg",
    ({ detectors, strategies }) => proposeGap(detectors, strategies.fvg),
  );
}

/** A strategy that waits at a zone and leaves its position to stop and target. It remembers nothing. */
function createZoneStrategy(
  key: "orderBlock" | "fvg",
  propose: (context: StrategyContext) => ZoneSetup | null,
): Strategy<null> {
  return {
    key,
    entry: "limit",
    propose,
    waitCandles: ({ strategies }) => strategies[key].maxAgeCandles,
    endOfSetup: (setup, { detectors, strategies }) =>
      setup.entry === "limit"
        ? endOfZoneSetup(setup, {
          detectors,
          maxAgeCandles: strategies[key].maxAgeCandles,
        })
        : null,
    manage: () => null,
    snapshot: () => null,
    restore: () => {},
  };
}
