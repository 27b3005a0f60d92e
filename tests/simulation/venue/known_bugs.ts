/**
 * Bugs that platforms have had, planted from outside, to see that the oracle
 * finds them: each stands between the driver and the venue, or between a desk
 * and its disk.
 *
 * @module
 */
import type {
  VenueGateway,
  VenueNews,
} from "../../../lib/exchange/gateway/port.ts";
import type { JournalStorage } from "../../../lib/desk/journal/storage.ts";
import type { VenuePromise } from "./monitor.ts";
import { CANDLE_MS } from "./limits.ts";
import {
  calmScenario,
  createVenueScenario,
  type FaultPlan,
  type VenueScenario,
} from "./scenario.ts";

/** A planted bug. Made anew for each run, because it may remember. */
export interface KnownVenueBug {
  storage?: (storage: JournalStorage) => JournalStorage;
  gateway?: (gateway: VenueGateway) => VenueGateway;
}

/** A bug with what it takes to show it. */
export interface VenueBugCase {
  name: string;
  create(): KnownVenueBug;
  /** A scenario in which it does harm, by seed. */
  scenario(seed: number): VenueScenario;
  /** Any of these is the right verdict. */
  promises: readonly VenuePromise[];
}

/** All of them. */
export const KNOWN_VENUE_BUGS: readonly VenueBugCase[] = [
  {
    name: "an order is sent again when no answer came",
    create: () => ({
      gateway: (gateway) =>
        wrap(gateway, {
          async create(request) {
            const outcome = await gateway.create(request);
            return outcome.kind === "unknown"
              ? await gateway.create(request)
              : outcome;
          },
        }),
    }),
    scenario: (seed) => short(seed, "lost_answers"),
    promises: ["V1", "V2", "V3"],
  },
  {
    name: "no answer is taken for a refusal",
    create: () => ({
      gateway: (gateway) =>
        wrap(gateway, {
          async create(request) {
            const outcome = await gateway.create(request);
            return outcome.kind === "unknown"
              ? {
                kind: "rejected",
                errorKind: "refused",
                venueCode: null,
                detail: outcome.detail,
                retryAfterMs: null,
              }
              : outcome;
          },
        }),
    }),
    // Else the stream tells in time.
    scenario: (seed) => ({
      ...short(seed, "lost_answers"),
      faults: [...burst("lost_answers", 0.6), ...burst("stream_silence", 1)],
    }),
    promises: ["V10"],
  },
  {
    name:
      "an order is held back on its way out, and an emergency stop comes meanwhile",
    create: () => ({
      gateway: (gateway) =>
        wrap(gateway, {
          async create(request) {
            for (let read = 0; read < 3; read++) {
              // deno-lint-ignore no-await-in-loop -- it takes its time
              await gateway.balances();
            }
            return await gateway.create(request);
          },
        }),
    }),
    scenario: (seed) =>
      calmScenario(seed, {
        // Just after the agent has decided on a candle.
        stops: Array.from({ length: 6 }, (_, index) => ({
          lever: "block" as const,
          atMs: (index + 1) * CANDLE_MS + 20,
          forMs: CANDLE_MS / 2,
        })),
      }),
    promises: ["V11"],
  },
  {
    name: "an order that two reads do not find counts as absent too early",
    create: () => ({
      gateway: (gateway) =>
        wrap(gateway, {
          profile: { ...gateway.profile, absenceProofMs: 0 },
        }),
    }),
    scenario: (seed) => ({
      ...short(seed, "lost_answers"),
      faults: [
        ...burst("broken_answers", 0.6),
        ...burst("stream_silence", 1),
        ...burst("read_lag", 1),
      ],
    }),
    promises: ["V10"],
  },
  {
    name: "an entry is looked for among stops, where none is",
    create: () => ({
      gateway: (gateway) =>
        wrap(gateway, {
          order: (ref) =>
            gateway.order(
              ref.venueOrderId === null ? { ...ref, isStop: true } : ref,
            ),
        }),
    }),
    scenario: (seed) => ({
      ...short(seed, "broken_answers"),
      namesOurIds: false,
      faults: [...burst("broken_answers", 0.6), ...burst("stream_silence", 1)],
    }),
    promises: ["V10"],
  },
  {
    name: "a trade that comes again counts again",
    create: () => {
      let repeats = 0;
      const renamed = <T extends { tradeId: string }>(trade: T): T => ({
        ...trade,
        tradeId: `${trade.tradeId}-${++repeats}`,
      });
      return {
        gateway: (gateway) =>
          wrap(gateway, {
            watch: (symbols, listener) =>
              gateway.watch(symbols, (news: VenueNews) =>
                listener(
                  news.type === "trade"
                    ? { ...news, trade: renamed(news.trade) }
                    : news,
                )),
          }),
      };
    },
    scenario: (seed) => short(seed, "stream_repeats"),
    promises: ["V2"],
  },
  {
    name: "a venue that asks for silence is asked on",
    create: () => ({
      gateway: (gateway) =>
        wrap(gateway, {
          async openOrders(symbol) {
            try {
              return await gateway.openOrders(symbol);
            } catch {
              return await gateway.openOrders(symbol);
            }
          },
        }),
    }),
    scenario: (seed) => short(seed, "rate_limit"),
    promises: ["V3"],
  },
  {
    name: "an order counts as withdrawn although it rests on",
    create: () => ({
      gateway: (gateway) =>
        wrap(gateway, {
          async cancel(ref) {
            if (ref.isStop) return await gateway.cancel(ref);
            const order = await gateway.order(ref);
            return { ...order, status: "canceled" };
          },
        }),
    }),
    // Entries that are moved while they rest.
    scenario: (seed) =>
      calmScenario(145 + 15 * seed, {
        runMs: 85_000,
        usesParts: true,
        eagerness: 0.6,
      }),
    promises: ["V13"],
  },
  {
    name: "what the journal says it synced is not on the disk",
    create: () => ({
      storage: (inner) => ({ ...inner, sync: () => Promise.resolve() }),
    }),
    scenario: (seed) => short(seed, "power_cut"),
    promises: ["V1", "V2", "V6", "rest", "survival"],
  },
];

/** Twenty minutes in which one thing goes wrong again and again. */
function short(seed: number, kind: FaultPlan["kind"]): VenueScenario {
  return {
    ...createVenueScenario(seed, { runMs: 1_200_000 }),
    commands: [],
    faults: burst(kind, 0.6),
    eagerness: 0.9,
    usesParts: false,
  };
}

function burst(kind: FaultPlan["kind"], amount: number): FaultPlan[] {
  return Array.from({ length: 10 }, (_, index) => ({
    kind,
    atMs: 60_000 + index * 100_000,
    forMs: 40_000,
    amount,
  }));
}

function wrap(
  gateway: VenueGateway,
  change: Partial<VenueGateway>,
): VenueGateway {
  return new Proxy(gateway, {
    get(target, name) {
      if (name in change) return change[name as keyof VenueGateway];
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
