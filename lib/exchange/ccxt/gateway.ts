import type {
  MarketRules,
  VenueBalance,
  VenueFunding,
  VenueOrder,
  VenueOrderRequest,
  VenuePosition,
  VenueProfile,
  VenueTrade,
} from "../../contracts/venue.ts";
import {
  type CreateOutcome,
  type KeyRights,
  type OrderRef,
  VenueError,
  type VenueGateway,
  type VenueNews,
  type VenueWatch,
} from "../gateway/port.ts";
import { readFunding, readHolding, readPosition } from "./account_reads.ts";
import { Connection } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import { accepted, refused, toOutcome } from "./errors.ts";
import { probeRights } from "./key_probe.ts";
import { loadExchange, loadMarketsOf } from "./library.ts";
import type { CcxtGatewayOptions } from "./gateway_options.ts";
import { ANSWER_MS_MAX } from "./limits.ts";
import { rulesOf } from "./numbers.ts";
import { createArguments, faultOf, knownOf } from "./order_request.ts";
import { cancelAllOf, cancelOne, readOpenOrders } from "./own_orders.ts";
import { readTrades } from "./own_trades.ts";
import { PrivateStream } from "./private_stream.ts";
import { dialectOf } from "./profiles.ts";
import { toBalances, toOrder } from "./reading.ts";
import { newCallRecord } from "./transport.ts";

/**
 * Makes a gateway to an account of an exchange that ccxt knows.
 *
 * @throws {AppError} EXCHANGE_UNKNOWN or ENDPOINT_REFUSED.
 */
export async function createCcxtGateway(
  options: CcxtGatewayOptions,
): Promise<VenueGateway> {
  const { clock, credentials, endpoint, hooks = {}, venue } = options;
  const { answerMsMax = ANSWER_MS_MAX } = options;
  const dialect = dialectOf(venue);
  const Exchange = await loadExchange(dialect.moduleId);
  const connection = new Connection({
    dialect,
    Exchange,
    credentials,
    clock,
    hooks,
    endpoint,
    answerMsMax,
    silence: options.silence,
  });
  return new CcxtGateway(connection, dialect, options);
}

/** One account at one exchange, through ccxt. */
class CcxtGateway implements VenueGateway {
  readonly profile: VenueProfile;
  readonly #connection: Connection;
  readonly #dialect: Dialect;
  readonly #rules = new Map<string, MarketRules>();
  readonly #stream: PrivateStream;
  /** Markets that were prepared, by ccxt's name, with their leverage; the countdown of some venues is for each. */
  readonly #prepared = new Map<string, number>();

  constructor(
    connection: Connection,
    dialect: Dialect,
    options: CcxtGatewayOptions,
  ) {
    this.#connection = connection;
    this.#dialect = dialect;
    const { clock, endpoint, random } = options;
    this.#stream = new PrivateStream({ connection, dialect, clock, random });
    this.profile = {
      ...dialect.profile,
      isSimulated: endpoint !== null,
    };
  }

  async open(): Promise<void> {
    const { exchange } = this.#connection;
    // Where it fails now the clock is measured again later; no entry goes out before.
    await this.#connection.syncClock().catch(() => {});
    await this.#call(() => loadMarketsOf(exchange));
    await this.#call(() => this.#dialect.open(exchange));
  }

  rules(symbol: string): MarketRules {
    const known = this.#rules.get(symbol);
    if (known !== undefined) return known;
    const { market } = this.#connection.market(symbol);
    const { precisionMode } = this.#connection.exchange;
    const rules = rulesOf(symbol, market, precisionMode);
    this.#rules.set(symbol, rules);
    return rules;
  }

  async create(request: VenueOrderRequest): Promise<CreateOutcome> {
    const { errors, exchange, transport } = this.#connection;
    const fault = faultOf(request, this.rules(request.symbol), this.#dialect);
    if (fault !== null) return refused(`The order was not sent: ${fault}`);
    const market = this.#connection.market(request.symbol);
    const record = newCallRecord(true);
    try {
      const answer = await transport.run(record, () =>
        exchange.createOrder(
          ...createArguments(request, market, {
            context: { venueNowMs: this.#connection.venueNowMs() },
            dialect: this.#dialect,
          }),
        ));
      const order = toOrder(answer, market, knownOf(request));
      if (order.venueOrderId === "") return toOutcome(null, record, errors);
      return order.status === "rejected"
        ? refused(`${this.profile.exchange} answered with a rejected order`)
        : accepted(order);
    } catch (error) {
      return toOutcome(error, record, errors);
    }
  }

  async cancel(ref: OrderRef): Promise<VenueOrder | null> {
    try {
      return await cancelOne(this.#connection, this.#dialect, ref);
    } catch (error) {
      if (!(error instanceof VenueError) || error.kind !== "not_found") {
        throw error;
      }
    }
    // Over already, or never there: the order itself tells.
    const order = await this.order(ref);
    if (order.status !== "open") return order;
    throw new VenueError(
      "unknown",
      `${this.profile.exchange} did not find the order to cancel, and shows it as open`,
    );
  }

  async order(ref: OrderRef): Promise<VenueOrder> {
    const market = this.#connection.market(ref.symbol);
    const { exchange } = this.#connection;
    const record = await this.#call(() =>
      this.#dialect.findOrder(exchange, { ...ref, symbol: market.name })
    );
    if (record === null) {
      throw new VenueError(
        "not_found",
        `${this.profile.exchange} does not know the order ${ref.clientOrderId}`,
      );
    }
    const order = toOrder(record, market);
    if (order.venueOrderId !== "") return order;
    throw new VenueError(
      "unknown",
      `${this.profile.exchange} answered the question for an order with none`,
    );
  }

  openOrders(symbol: string | null): Promise<readonly VenueOrder[]> {
    return readOpenOrders(this.#connection, this.#dialect, symbol);
  }

  trades(
    query: Parameters<VenueGateway["trades"]>[0],
  ): Promise<readonly VenueTrade[]> {
    return readTrades(this.#connection, this.#dialect, {
      market: this.#connection.market(query.symbol),
      sinceAt: query.sinceAt,
      venueOrderId: query.venueOrderId ?? null,
      nextPage: query.nextPage,
    });
  }

  position(symbol: string): Promise<VenuePosition> {
    const { name } = this.#connection.market(symbol);
    return this.profile.market === "spot"
      ? readHolding(this.#connection, symbol)
      : readPosition(
        this.#connection,
        symbol,
        this.#prepared.get(name) ?? null,
      );
  }

  async balances(): Promise<readonly VenueBalance[]> {
    const { exchange } = this.#connection;
    return toBalances(await this.#call(() => exchange.fetchBalance()));
  }

  async funding(
    query: Parameters<VenueGateway["funding"]>[0],
  ): Promise<readonly VenueFunding[]> {
    if (this.profile.market === "spot") return [];
    const { has } = this.#connection.exchange;
    this.#demand(has.fetchFundingHistory === true, "funding payments");
    return await readFunding(this.#connection, this.#dialect, query);
  }

  async cancelAll(symbol: string): Promise<void> {
    const { cancelAllParams } = this.#dialect;
    if (cancelAllParams !== null) {
      return await cancelAllOf(this.#connection, symbol, cancelAllParams);
    }
    const orders = await this.openOrders(symbol);
    await Promise.all(orders.map((order) =>
      this.cancel({
        symbol,
        clientOrderId: order.clientOrderId ?? "",
        venueOrderId: order.venueOrderId,
        isStop: order.type === "stop",
      })
    ));
  }

  async cancelAfter(timeoutMs: number): Promise<void> {
    this.#demand(this.profile.hasCancelAfter, "a countdown that cancels");
    await this.#call(() =>
      this.#dialect.cancelAfter(
        this.#connection.exchange,
        timeoutMs,
        [...this.#prepared.keys()],
      )
    );
  }

  async prepare(
    symbol: string,
    { leverage }: { leverage: number },
  ): Promise<void> {
    const { exchange } = this.#connection;
    const { name } = this.#connection.market(symbol);
    await this.#call(() => this.#dialect.prepare(exchange, name, leverage));
    this.#prepared.set(name, leverage);
  }

  keyRights(): Promise<KeyRights> {
    const { readRights } = this.#dialect;
    const { exchange } = this.#connection;
    return readRights === null
      ? probeRights(this.#connection, this.#dialect)
      : this.#call(() => readRights(exchange));
  }

  accountId(): Promise<string | null> {
    const { readAccountId } = this.#dialect;
    const { exchange } = this.#connection;
    return readAccountId === null
      ? Promise.resolve(null)
      : this.#call(() => readAccountId(exchange));
  }

  watch(
    symbols: readonly string[],
    listener: (news: VenueNews) => void,
  ): VenueWatch {
    this.#demand(this.profile.hasPrivateStream, "private streams");
    return this.#stream.watch(symbols, listener);
  }

  syncClock(): Promise<void> {
    return this.#connection.syncClock();
  }

  clockErrorMs(): number | null {
    return this.#connection.clockErrorMs();
  }

  close(): Promise<void> {
    this.#stream.close();
    this.#connection.close();
    return Promise.resolve();
  }

  #call<T>(run: () => Promise<T>): Promise<T> {
    return this.#connection.call(run);
  }

  /** @throws {VenueError} `refused` for what the venue does not have. */
  #demand(isThere: boolean, what: string): void {
    if (isThere) return;
    throw new VenueError(
      "refused",
      `${this.profile.exchange} does not offer ${what} for ${this.profile.market} markets`,
    );
  }
}
