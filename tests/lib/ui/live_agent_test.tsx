import { equal, ok } from "node:assert/strict";
import { render } from "preact-render-to-string";
import type { OpenOrderView } from "../../../lib/contracts/account.ts";
import type { AgentDetail } from "../../../lib/contracts/agent.ts";
import { AgentProblems } from "../../../lib/ui/agent/AgentProblems.tsx";
import { AgentModeBadge } from "../../../lib/ui/Badge.tsx";
import { AgentCard } from "../../../lib/ui/fleet/AgentCard.tsx";
import { totalsByCurrency } from "../../../lib/ui/fleet/kpis.ts";
import { ProblemChips } from "../../../lib/ui/StateChip.tsx";
import { UnknownNote } from "../../../lib/ui/VenueState.tsx";
import { keysOf, PHASE_WORDS } from "../../../lib/ui/words.ts";
import { account, agent } from "./fixtures.ts";

const FEED = { kind: "exchange", exchange: "binance", market: "spot" } as const;
const ORDER: OpenOrderView = {
  orderId: "o1",
  intentId: "1.0",
  role: "entry",
  side: "buy",
  type: "limit",
  price: "100",
  quantity: "2",
  placedSeq: 1,
  reduceOnly: false,
  expireAfterSeq: null,
};

Deno.test("AgentModeBadge tells real money, live prices and simulated markets apart in words", () => {
  const words = (change: Parameters<typeof agent>[0]) =>
    render(<AgentModeBadge agent={agent(change)} />).replace(/<[^>]+>/g, " ")
      .trim().replace(/\s+/g, " ");
  equal(
    words({ mode: "live", feed: FEED, livePrices: true }),
    "LIVE real money",
  );
  equal(words({ mode: "live", feed: FEED }), "LIVE test venue");
  equal(words({ feed: FEED, livePrices: true }), "PAPER live prices");
  equal(words({}), "PAPER simulated");
});

Deno.test("AgentCard shows the phase of every order, the protection, and what blocks entries", () => {
  for (const phase of keysOf(PHASE_WORDS)) {
    const html = render(
      <AgentCard
        agent={agent({
          mode: "live",
          feed: FEED,
          livePrices: true,
          feedProblem: "binance does not answer",
          account: account({
            tradingStateReason: "The key is not taken any more",
            openOrders: [{ ...ORDER, phase, filled: "0.5" }],
            position: {
              direction: "long",
              quantity: "2",
              entryPrice: "100",
              entryAt: 0,
              markPrice: null,
              unrealizedPnl: null,
              stopPrice: "90",
              targetPrice: null,
              strategy: "orderBlock",
              isProtected: phase !== "unknown",
            },
          }),
        })}
        history={[]}
      />,
    );
    ok(html.includes(PHASE_WORDS[phase].word), phase);
    ok(html.includes("0.5 filled"));
    ok(html.includes(
      phase === "unknown" ? "No stop at the exchange" : "Protected",
    ));
    ok(html.includes("binance does not answer"));
    ok(html.includes("The key is not taken any more"));
    ok(!/undefined|NaN/.test(html));
  }
});

Deno.test("AgentProblems and ProblemChips tell what keeps an agent from trading, and nothing while nothing does", () => {
  const broken = {
    ...agent({
      mode: "live",
      feedProblem: "binance does not answer",
      venueProblem: "The venue does not take the key any more",
      account: account({ tradingStateReason: "An order is without an answer" }),
    }),
    config: {} as AgentDetail["config"],
    history: [],
  };
  const html = render(<AgentProblems agent={broken} />);
  ok(html.includes("No market data: binance does not answer"));
  ok(html.includes("does not take the key any more"));
  ok(html.includes("Opens nothing new: An order is without an answer"));
  const chips = render(<ProblemChips agent={broken} />);
  ok(chips.includes("No data") && chips.includes("Exchange"));
  const fine = { ...agent(), config: broken.config, history: [] };
  equal(render(<AgentProblems agent={fine} />), "");
  equal(render(<ProblemChips agent={fine} />), "");
});

Deno.test("UnknownNote explains an unknown outcome once, and nothing else", () => {
  ok(
    render(<UnknownNote orders={[{ ...ORDER, phase: "unknown" }]} />)
      .includes("never sent again"),
  );
  equal(render(<UnknownNote orders={[{ ...ORDER, phase: "open" }]} />), "");
});

Deno.test("totalsByCurrency() never adds real money to simulated", () => {
  const totals = totalsByCurrency([
    agent({ id: "a", account: account({ equity: "100" }) }),
    agent({ id: "b", account: account({ equity: "100" }) }),
    agent({ id: "c", mode: "live", account: account({ equity: "7" }) }),
  ]);
  equal(
    totals.map(({ mode, equity }) => `${mode} ${equity}`).join(", "),
    "live 7, paper 200",
  );
});
