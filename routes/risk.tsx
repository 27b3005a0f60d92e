import { page } from "fresh";
import { Head } from "fresh/runtime";
import RiskDesk from "../islands/RiskDesk.tsx";
import { FLEET_TRADING_WORDS } from "../lib/ui/risk/risk_words.ts";
import { toPanelUser } from "../lib/ui/roles.ts";
import { define } from "./(_shared)/define.ts";
import { requireUser } from "./(_shared)/guard.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { fleet, headSeq } = ctx.state.services;
    const seq = headSeq();
    const [risk] = await Promise.allSettled([fleet.riskOfAll()]);
    return page({
      risk: risk.status === "fulfilled" ? risk.value : null,
      failure: risk.status === "rejected" ? sentenceOf(risk.reason) : null,
      names: Object.fromEntries(fleet.list().map(({ id, name }) => [id, name])),
      headSeq: seq,
      user: toPanelUser(login.user),
    });
  },
});

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The risk of the whole fleet. */
export default define.page<typeof handler>(function RiskPage({ data }) {
  const state = data.risk?.trading.state ?? null;
  return (
    <>
      <Head>
        <title>
          {`Risk — trading ${
            state === null
              ? "unknown"
              : FLEET_TRADING_WORDS[state].word.toLowerCase()
          } · SMC Fleet`}
        </title>
      </Head>
      <div class="page-head">
        <h1 class="page-title">Risk</h1>
      </div>
      <RiskDesk {...data} />
    </>
  );
});
