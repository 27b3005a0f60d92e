import fc from "fast-check";
import type {
  VenueOrderRequest,
  VenueTrade,
} from "../../../../lib/contracts/venue.ts";
import type {
  CreateOutcome,
  VenueNews,
} from "../../../../lib/exchange/gateway/port.ts";
import {
  ref,
  request,
  type Setup,
  setUp,
  type SetupOptions,
  START_MS,
  SYMBOL,
} from "./support.ts";

/** One thing that happens in a random session. */
export type Action =
  | {
    kind: "quote";
    bid: number;
    spread: number;
    bidSize: number | null;
    askSize: number | null;
    /** Above the bid; null for no mark. */
    markOffset: number | null;
  }
  | { kind: "place"; change: Partial<VenueOrderRequest>; reference: number }
  | { kind: "cancel"; pick: number }
  | { kind: "wait"; ms: number };

/** What the order of one action came to, with what was told meanwhile. */
export interface Step {
  action: Action;
  news: readonly VenueNews[];
  trades: readonly VenueTrade[];
  outcome: CreateOutcome | null;
  /** Before the action. */
  liquidationPrice: number | null;
  quantityBefore: number;
}

const size = fc.option(fc.integer({ min: 0, max: 40 }).map((n) => n / 10), {
  nil: null,
});

const quote = fc.record({
  kind: fc.constant("quote" as const),
  bid: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 960, max: 1_040 }) },
    { weight: 1, arbitrary: fc.integer({ min: 700, max: 1_300 }) },
  ).map((n) => n / 10),
  spread: fc.integer({ min: 0, max: 10 }).map((n) => n / 10),
  bidSize: size,
  askSize: size,
  markOffset: fc.option(fc.integer({ min: -30, max: 30 }).map((n) => n / 10), {
    nil: null,
  }),
});

const place = fc.record({
  kind: fc.constant("place" as const),
  reference: fc.integer({ min: 950, max: 1_050 }),
  change: fc.record({
    side: fc.constantFrom("buy" as const, "sell" as const),
    type: fc.constantFrom("market" as const, "limit" as const, "stop" as const),
    quantity: fc.integer({ min: 1, max: 30 }).map((n) => String(n / 10)),
    reduceOnly: fc.boolean(),
    postOnly: fc.boolean(),
    timeInForce: fc.constantFrom(
      "GTC" as const,
      "IOC" as const,
      "FOK" as const,
    ),
    ocoGroup: fc.constantFrom(null, null, "a", "b"),
  }),
});

/** Sessions of a market that jumps around 100. */
export const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: quote },
    { weight: 5, arbitrary: place },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("cancel" as const),
        pick: fc.nat(30),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("wait" as const),
        ms: fc.constantFrom(1, 500, 20_000, 3_600_000),
      }),
    },
  ),
  { minLength: 10, maxLength: 80, size: "max" },
);

/** Kinds of accounts that sessions run on. */
export const accounts: fc.Arbitrary<SetupOptions> = fc.record({
  market: fc.constantFrom("spot" as const, "swap" as const),
  balance: fc.constantFrom("500", "20000"),
  leverage: fc.constantFrom(1, 5, 20),
  costs: fc.record({
    makerFeeBp: fc.constantFrom(0, 2),
    takerFeeBp: fc.constantFrom(0, 5),
    slippageBp: fc.constantFrom(0, 7, 50),
    fundingBpPer8h: fc.constantFrom(0, 10, -10),
  }),
});

/** The request of an action: contradictions that only the form would refuse are taken out. */
function requestOf(
  { change, reference }: Extract<Action, { kind: "place" }>,
  index: number,
): VenueOrderRequest {
  const price = String(reference / 10);
  const isGtcLimit = change.type === "limit" && change.timeInForce === "GTC";
  return request({
    ...change,
    clientOrderId: `s${index}`,
    price: change.type === "limit" ? price : null,
    triggerPrice: change.type === "stop" ? price : null,
    postOnly: change.postOnly === true && isGtcLimit,
  });
}

/** Runs a session and returns what each action did. */
export async function run(
  options: SetupOptions,
  list: readonly Action[],
): Promise<{ setup: Setup; steps: Step[]; requests: VenueOrderRequest[] }> {
  // A minute before funding.
  const startMs = START_MS + 7 * 3_600_000 - 60_000;
  const setup = await setUp({ startMs, ...options });
  await setup.clock.settle();
  const steps: Step[] = [];
  const requests: VenueOrderRequest[] = [];
  for (const action of list) {
    // deno-lint-ignore no-await-in-loop -- one action after the other
    steps.push(await perform(setup, { action, requests }));
  }
  return { setup, steps, requests };
}

async function perform(
  setup: Setup,
  { action, requests }: { action: Action; requests: VenueOrderRequest[] },
): Promise<Step> {
  const { venue, clock, news } = setup;
  const told = news.length;
  const before = await atOnce(setup, venue.position(SYMBOL));
  let outcome: CreateOutcome | null = null;
  if (action.kind === "quote") {
    const { bid, spread, bidSize, askSize, markOffset } = action;
    await setup.quote(bid, Number((bid + spread).toFixed(1)), {
      bidSize,
      askSize,
      mark: markOffset === null ? null : Number((bid + markOffset).toFixed(1)),
    });
  } else if (action.kind === "place") {
    const next = requestOf(action, requests.length);
    requests.push(next);
    outcome = await atOnce(setup, venue.create(next));
  } else if (action.kind === "cancel") {
    const name = ref(`s${action.pick}`);
    await atOnce(setup, venue.cancel(name).catch(() => null));
  } else {
    await clock.advance(action.ms);
  }
  const heard = news.slice(told);
  return {
    action,
    news: heard,
    trades: heard.flatMap((item) => item.type === "trade" ? [item.trade] : []),
    outcome,
    liquidationPrice: before.liquidationPrice === null
      ? null
      : Number(before.liquidationPrice),
    quantityBefore: Number(before.quantity),
  };
}

/** Waits for an answer; where there is latency the clock goes on as long as it takes. */
async function atOnce<T>({ clock }: Setup, answer: Promise<T>): Promise<T> {
  await clock.advance(LATENCY_MS * 2);
  return answer;
}

/** Latency of sessions that have one. */
export const LATENCY_MS = 20;
