import { MARKET_KINDS } from "../../contracts/venue.ts";
import { type CommandContext, textOption } from "../command.ts";
import { usageError } from "../errors.ts";

/**
 * The feed that the options ask for, or null for the template's own.
 *
 * @throws {UsageError} If the options do not fit together.
 */
export function feedOf(
  { values }: Pick<CommandContext, "values">,
): Record<string, unknown> | null {
  const feed = textOption(values, "feed");
  const candles = textOption(values, "candles");
  const speed = textOption(values, "speed");
  const exchange = textOption(values, "exchange");
  const market = textOption(values, "market");
  if (feed !== undefined && feed !== "simulated" && feed !== "exchange") {
    throw usageError(
      `--feed is "${feed}"; give --feed simulated, --feed exchange, or --candles FILE for a replay`,
    );
  }
  if (feed !== undefined && candles !== undefined) {
    throw usageError(`Give either --feed ${feed} or --candles FILE, not both`);
  }
  if (speed !== undefined && candles === undefined) {
    throw usageError("--speed belongs to a replay: give --candles FILE too");
  }
  if (feed === "exchange") return exchangeFeed(exchange, market);
  if (exchange !== undefined || market !== undefined) {
    throw usageError(
      "--exchange and --market belong to live prices: give --feed exchange too",
    );
  }
  if (feed !== undefined) return { kind: "simulated" };
  if (candles === undefined) return null;
  if (/[/\\]/.test(candles)) {
    throw usageError(
      `--candles is "${candles}"; give the bare name of a file in the server's candle folder, for instance btc_1m.candles`,
    );
  }
  return { kind: "replay", file: candles, speed: speedOf(speed) };
}

function exchangeFeed(
  exchange: string | undefined,
  market = "spot",
): Record<string, unknown> {
  if (exchange === undefined) {
    throw usageError(
      "--feed exchange needs to know which: give --exchange ID, for instance --exchange binance",
    );
  }
  if (!MARKET_KINDS.some((kind) => kind === market)) {
    throw usageError(
      `--market is "${market}"; give ${MARKET_KINDS.join(" or ")}`,
    );
  }
  return { kind: "exchange", exchange, market };
}

function speedOf(text: string | undefined): number | "max" {
  if (text === undefined || text === "max") return "max";
  const factor = Number(text);
  if (text.trim() !== "" && factor >= 1 && factor <= 100_000) return factor;
  throw usageError(
    `--speed is "${text}"; give max, or a factor from 1 to 100000`,
  );
}
