import type { Clock } from "../../../../actors/clock.ts";
import { PRESET_COSTS } from "../../../../agents/execution/costs.ts";
import type { DeskAccountConfig } from "../../../contracts/desk.ts";
import type { VenueId } from "../../../contracts/venue.ts";
import type { VenueGateway } from "../../../exchange/gateway/port.ts";
import type { AccountView } from "../../../contracts/account.ts";
import {
  decimal,
  type DecimalText,
  toBooked,
  toDecimalText,
} from "../../../core/decimal.ts";
import { requestOf } from "../../account/venue/requests.ts";
import type { RestoredBooks } from "../opener.ts";
import { PaperVenue } from "../../../exchange/paper_venue/venue.ts";

/** What a paper venue at a desk is made of. */
export interface PaperGatewayOptions {
  venue: VenueId;
  account: DeskAccountConfig;
  clock: Clock;
  /** The exchange without a key: for the market's rules only. */
  publicData: VenueGateway;
}

/** The paper venue of one account, with the rules of the exchange's market. */
export class PaperGateway extends PaperVenue {
  readonly #symbol: string;
  readonly #publicData: VenueGateway;
  readonly #clock: Clock;

  constructor({ venue, account, clock, publicData }: PaperGatewayOptions) {
    const { exchange, market } = venue;
    super({
      exchange,
      market,
      symbol: account.symbol,
      clock,
      costs: account.costs ?? PRESET_COSTS,
      balance: account.risk.initialCapital,
      rules: null,
    });
    this.#symbol = account.symbol;
    this.#publicData = publicData;
    this.#clock = clock;
  }

  /** Takes over what the books of a recovered account hold; before `open`. */
  takeBooks({ working, view }: RestoredBooks): void {
    // What was only on its way was never taken: the desk finds that by asking.
    const taken = working.filter(({ phase }) =>
      phase === "open" || phase === "settling"
    );
    this.restore({
      orders: taken.map((order) => ({
        request: requestOf(order.order, {
          clientOrderId: order.clientOrderId,
          symbol: this.#symbol,
          hasReduceOnly: true,
        }),
        venueOrderId: order.venueOrderId,
        filled: order.filled,
      })),
      position: positionOf(view),
      balance: this.#balanceOf(view),
      // Ids of trades go on from the clock, so that none comes twice.
      tradeCounter: this.#clock.nowMs(),
      ...(view.marketAt === null ? {} : { fundedUntil: view.marketAt }),
    });
  }

  /** What was bought on spot is paid for; the books count it as cost of the position. */
  #balanceOf({ cash, position }: AccountView): DecimalText {
    if (this.profile.market === "swap" || position === null) return cash;
    const cost = decimal(position.entryPrice).times(decimal(position.quantity));
    return toDecimalText(toBooked(decimal(cash).minus(cost)));
  }

  /** @throws {VenueError} If the exchange does not tell its markets. */
  override async open(): Promise<void> {
    await this.#publicData.open();
    this.setRules(this.#publicData.rules(this.#symbol));
    // What else comes of the exchange is the feed's.
    await this.#publicData.close();
    await super.open();
  }

  override async close(): Promise<void> {
    await this.#publicData.close();
    await super.close();
  }
}

function positionOf(
  { position }: AccountView,
): { quantity: DecimalText; entryPrice: DecimalText } | null {
  if (position === null) return null;
  const { direction, quantity, entryPrice } = position;
  return {
    quantity: direction === "long" ? quantity : `-${quantity}`,
    entryPrice,
  };
}
