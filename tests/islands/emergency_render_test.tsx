import { ok } from "node:assert/strict";
import { render } from "preact-render-to-string";
import type {
  EmergencyResponse,
  StopView,
} from "../../lib/contracts/emergency.ts";
import EmergencyBanner from "../../islands/EmergencyBanner.tsx";
import StopProgress from "../../islands/StopProgress.tsx";
import { DrillResult } from "../../lib/ui/emergency/DrillResult.tsx";
import type { FormProof } from "../../lib/ui/ProofField.tsx";
import { StopForm } from "../../lib/ui/emergency/StopForm.tsx";
import { readDraft, toRequest } from "../../lib/ui/emergency/stop_form.ts";
import { StopList } from "../../lib/ui/emergency/StopList.tsx";
import { StopRefresh } from "../../lib/ui/emergency/StopRefresh.tsx";
import { emergencyNotice, stopStanding } from "../../lib/ui/emergency/words.ts";

const LEFT = {
  agentId: "agt_1",
  state: "residue",
  blockedAt: 1,
  ordersLeft: null,
  positionLeft: "-0.5",
  orders: [],
  error: "Too far from the last price",
} as const;

function stop(change: Partial<StopView> = {}): StopView {
  return {
    id: "stop_00000001",
    scope: { kind: "all" },
    lever: "flatten",
    withdrawAll: false,
    reason: "the feed is wrong",
    by: { userId: "usr_1", name: "a@example.com", via: "panel" },
    at: 0,
    collarPct: 5,
    deadlineMs: 10_000,
    endedAt: 1,
    isAudited: true,
    release: null,
    isWorking: false,
    progress: [LEFT],
    residue: [LEFT],
    ...change,
  };
}

function state(change: Partial<EmergencyResponse> = {}): EmergencyResponse {
  return {
    latches: [stop()],
    released: [],
    fileProblem: null,
    isDeskUp: true,
    ...change,
  };
}

function list(
  shown: EmergencyResponse,
  refusal: string | null = null,
  proof: Partial<FormProof> = {},
): string {
  const html = render(
    <StopList
      state={shown}
      nameOf={(id) => id === "agt_1" ? "alpha" : id}
      standing={(one) => <StopProgress stop={one} names={{ agt_1: "alpha" }} />}
      whyNot={() => refusal}
      refused={null}
      proof={{
        typed: "password",
        hasPasskey: false,
        isFresh: false,
        passkeyButton: ({ label }) => <b>{label}</b>,
        ...proof,
      }}
    />,
  );
  ok(!/\sstyle=|NaN|undefined|\[object/.test(html), html);
  return html;
}

Deno.test("StopList shows a residue with what is left, why, and the form that releases", () => {
  const html = list(state());
  ok(/1 account left over/.test(html));
  ok(/alpha/.test(html) && /Left over/.test(html));
  ok(/Too far from the last price/.test(html));
  ok(/0\.5/.test(html), "the position");
  ok(/—/.test(html), "unknown orders are not zero");
  ok(/release-form/.test(html));
});

Deno.test("StopList asks for a code of the second factor in place of the password", () => {
  const html = list(state(), null, { typed: "code" });
  ok(/data-testid="release-code"/.test(html));
  ok(!/data-testid="release-password"/.test(html));
  ok(/data-testid="release-password"/.test(list(state())));
});

Deno.test("StopList takes a passkey for a release, and asks nobody twice", () => {
  const only = list(state(), null, { typed: null, hasPasskey: true });
  ok(/Release with a passkey/.test(only));
  ok(!/release-(code|password|submit)/.test(only));
  const both = list(state(), null, { typed: "code", hasPasskey: true });
  ok(/Use a passkey/.test(both) && /release-code/.test(both));
  const proof = { typed: null, hasPasskey: true, isFresh: true };
  const proven = list(state(), null, proof);
  ok(/release-proven/.test(proven) && /release-submit/.test(proven));
  ok(!/passkey/.test(proven));
});

Deno.test("StopList says why somebody may not release, and offers no form", () => {
  const html = list(state(), "Needs role risk");
  ok(/Needs role risk/.test(html));
  ok(!/release-form/.test(html));
});

Deno.test("StopList says that the desk or the disk fails, and what was released", () => {
  const by = { userId: "usr_2", name: "b@example.com", via: "panel" } as const;
  const released = stop({ release: { by, reason: "looked at", at: 2 } });
  const html = list(state({
    latches: [],
    released: [released],
    fileProblem: "The file cannot be written",
    isDeskUp: false,
  }));
  ok(/halt --local/.test(html));
  ok(/The file cannot be written/.test(html));
  ok(/b@example\.com: looked at/.test(html));
});

Deno.test("StopRefresh loads the page anew only without script, while a stop works, and while nothing was filled in", () => {
  const html = (isWorking: boolean, isUntouched: boolean) =>
    render(
      <StopRefresh stops={[stop({ isWorking })]} isUntouched={isUntouched} />,
    );
  ok(
    /^<noscript><meta http-equiv="refresh" content="5;/.test(html(true, true)),
  );
  ok(html(true, false) === "");
  ok(html(false, true) === "");
});

Deno.test("stopStanding tells work, an unheard desk, an end and a residue apart", () => {
  const done = { ...LEFT, state: "done" } as const;
  const at = (change: Partial<StopView>) => stopStanding(stop(change));
  const working = { isWorking: true, residue: [] };
  ok(/0 of 1 account done/.test(at(working)));
  ok(/has not answered/.test(at({ ...working, progress: [] })));
  ok(/In force; 1 account done/.test(at({ progress: [done], residue: [] })));
  ok(/left over/.test(at({})));
});

Deno.test("EmergencyBanner is there only while a stop is in force", () => {
  const html = (shown: EmergencyResponse) =>
    render(
      <EmergencyBanner notice={emergencyNotice(shown)} isPageOfStops={false} />,
    );
  ok(/no agent takes a new position; 1 account left over/.test(html(state())));
  ok(/some of the agents/.test(html(state({
    latches: [stop({ scope: { kind: "agent", id: "agt_1" }, residue: [] })],
  }))));
  ok(html(state({ latches: [] })) === "");
});

Deno.test("StopForm keeps what was chosen, and cannot be sent without the role", () => {
  const fields: Record<string, string> = {
    scope: "agent",
    agent: "agt_2",
    lever: "block",
    reason: "why",
  };
  const defaults = { user: "a@example.com", account: "paper" };
  const draft = readDraft((name) => fields[name] ?? "", defaults);
  ok(
    JSON.stringify(toRequest(draft).scope) === '{"kind":"agent","id":"agt_2"}',
  );
  const html = render(
    <StopForm
      draft={draft}
      id="stop_1"
      agents={[{ id: "agt_1", name: "one" }, { id: "agt_2", name: "two" }]}
      errors={{ scope: "There is no such user" }}
      refusal="Needs role operator"
      isFirst
    />,
  );
  ok(
    /<option[^>]*selected[^>]*value="agt_2"|value="agt_2"[^>]*selected/.test(
      html,
    ),
  );
  ok(/There is no such user/.test(html));
  ok(!/type="submit"[^>]*emergency-submit/.test(html));
  ok(/Needs role operator/.test(html));
});

Deno.test("DrillResult shows what is not known as such", () => {
  const html = render(
    <DrillResult
      drill={{
        lever: "flatten",
        scope: { kind: "all" },
        agents: [{
          agentId: "agt_1",
          name: "alpha",
          symbol: "BTC/USDT",
          simulated: true,
          orders: null,
          position: null,
          losesProtection: false,
          note: "Its account has not been heard of yet",
        }],
        totals: {
          agents: 1,
          agentsStopped: 1,
          orders: null,
          positions: null,
          notional: null,
          slippage: null,
        },
        expectedMs: null,
      }}
      nameOf={(id) => id}
    />,
  );
  ok(/has not been heard of yet/.test(html));
  ok((html.match(/—/g) ?? []).length >= 6);
});
