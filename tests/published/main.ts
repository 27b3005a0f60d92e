// deno-lint-ignore-file no-console -- prints for people
/**
 * Compares ccxt's own published cases with what the gateway's exchanges build and
 * read. `CCXT_FIXTURES_DIR` names a folder with `request/`, `response/` and
 * `markets/`, one file an exchange each, as ccxt's repository keeps them.
 */
import { systemClock } from "../../actors/mod.ts";
import {
  MARKET_KINDS,
  type MarketKind,
  PROFILED_EXCHANGES,
  type VenueId,
  venueSymbol,
} from "../../lib/contracts/venue.ts";
import { Connection } from "../../lib/exchange/ccxt/connection.ts";
import {
  type CcxtExchange,
  loadExchange,
} from "../../lib/exchange/ccxt/library.ts";
import { dialectOf } from "../../lib/exchange/ccxt/profiles.ts";
import {
  ORDER_METHODS,
  type PublishedCase,
  type PublishedFile,
  symbolOf,
  toComparable,
} from "./cases.ts";
import { differencesOf } from "./reading.ts";

type Call = (...input: unknown[]) => Promise<unknown>;

interface Sent {
  url: string;
  body: string | null;
}

const folder = Deno.env.get("CCXT_FIXTURES_DIR");
if (folder === undefined) {
  console.error(
    "Name the folder of ccxt's published cases, for instance CCXT_FIXTURES_DIR=../ccxt/ts/src/test/static deno task published",
  );
  Deno.exit(2);
}

let [same, differing] = [0, 0];
for (const exchange of PROFILED_EXCHANGES) {
  for (const market of MARKET_KINDS) {
    // deno-lint-ignore no-await-in-loop -- one exchange after the other
    const compared = await compareVenue({ exchange, market });
    same += compared.same;
    differing += compared.differing;
  }
}
if (same + differing === 0) {
  console.error(
    `No published case is in "${folder}"; name the folder that holds request/, response/ and markets/ in CCXT_FIXTURES_DIR`,
  );
  Deno.exit(2);
}
Deno.exit(differing === 0 ? 0 : 1);

/** Prints what differs; counts what is the same and what is not. */
async function compareVenue(
  venue: VenueId,
): Promise<{ same: number; differing: number }> {
  const { moduleId } = dialectOf(venue);
  const markets = await readFile<Record<string, unknown>>("markets", moduleId);
  const where = `${venue.exchange} ${venue.market}`;
  if (markets === null) {
    console.log(`${where}: no markets of ${moduleId} are published`);
    return { same: 0, differing: 0 };
  }
  const found: string[] = [];
  let same = 0;
  for (const kind of ["request", "response"] as const) {
    // deno-lint-ignore no-await-in-loop -- one file after the other
    const file = await readFile<PublishedFile>(kind, moduleId);
    for (const [method, one] of casesOf(file, venue)) {
      // deno-lint-ignore no-await-in-loop -- one case after the other
      const exchange = await openExchange(venue, markets);
      // deno-lint-ignore no-await-in-loop -- as above
      const differences = await compareCase(exchange, method, {
        one,
        skipKeys: file?.skipKeys ?? [],
        isRequest: kind === "request",
      });
      if (differences.length === 0) same++;
      const name = `${kind} ${method} "${one.description ?? ""}"`;
      found.push(...differences.map((text) => `  ${name}: ${text}`));
    }
  }
  console.log(`${where}: ${same} cases are the same, ${found.length} differ`);
  for (const line of found) console.log(line);
  return { same, differing: found.length };
}

/** Cases of our methods and of our kind of market, with the settings of everybody. */
function casesOf(
  file: PublishedFile | null,
  { market }: VenueId,
): [method: string, one: PublishedCase][] {
  return ORDER_METHODS.flatMap((method) =>
    (file?.methods[method] ?? [])
      .filter((one) => isComparable(one, market))
      .map((one): [string, PublishedCase] => [method, one])
  );
}

function isComparable(one: PublishedCase, market: MarketKind): boolean {
  const symbol = symbolOf(one);
  if (symbol === null || one.disabled === true || one.options !== undefined) {
    return false;
  }
  return symbol === venueSymbol(symbol.split(":")[0]!, market);
}

/** The exchange as the gateway makes it, with published markets. */
async function openExchange(
  venue: VenueId,
  markets: Record<string, unknown>,
): Promise<CcxtExchange> {
  const dialect = dialectOf(venue);
  const connection = new Connection({
    dialect,
    Exchange: await loadExchange(dialect.moduleId),
    credentials: { apiKey: "key", secret: btoa("secret"), passphrase: "pass" },
    clock: systemClock,
    hooks: {},
    endpoint: null,
    answerMsMax: 1_000,
  });
  const { exchange } = connection;
  (exchange as unknown as { setMarkets(markets: unknown): void })
    .setMarkets(structuredClone(markets));
  // What the gateway asks when it opens.
  if (venue.exchange === "bybit") {
    Object.assign(exchange.options, {
      enableUnifiedMargin: false,
      enableUnifiedAccount: true,
      unifiedMarginStatus: 5,
    });
  }
  connection.close();
  return exchange;
}

async function compareCase(
  exchange: CcxtExchange,
  method: string,
  { isRequest, one, skipKeys }: {
    one: PublishedCase;
    skipKeys: readonly string[];
    isRequest: boolean;
  },
): Promise<string[]> {
  let sent: Sent | null = null;
  exchange.fetchImplementation = (url, { body }) => {
    sent ??= { url, body: body ?? null };
    const text = JSON.stringify(one.httpResponse ?? {});
    return Promise.resolve({
      status: 200,
      statusText: "OK",
      headers: new Headers(),
      text: () => Promise.resolve(text),
    });
  };
  const call = (exchange as unknown as Record<string, Call>)[method]!;
  const input = one.input.map((value) => value ?? undefined);
  const outcome = await call.apply(exchange, input).then(
    (result) => ({ result, failure: null }),
    (error: unknown) => ({ result: null, failure: String(error) }),
  );
  if (!isRequest) {
    return outcome.failure === null
      ? differencesOf(method, outcome.result, one.parsedResponse)
      : [outcome.failure];
  }
  // What comes of an empty answer does not matter.
  if (sent === null) return [outcome.failure ?? "nothing was sent"];
  const wanted = { url: one.url ?? "", body: one.output ?? null };
  const [ours, theirs] = [sent, wanted].map((request) =>
    toComparable(request, skipKeys)
  );
  return ours === theirs ? [] : [`sent ${ours}, published is ${theirs}`];
}

/** Null where there is none. */
async function readFile<T>(kind: string, id: string): Promise<T | null> {
  try {
    return JSON.parse(
      await Deno.readTextFile(`${folder}/${kind}/${id}.json`),
    ) as T;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
