import { equal, ok } from "node:assert/strict";
import { render } from "preact-render-to-string";
import type { AgentDetail, AgentView } from "../../lib/contracts/agent.ts";
import { agentConfigSchema } from "../../lib/contracts/agent_config.ts";
import AgentManagement from "../../islands/AgentManagement.tsx";
import AgentWorkspace from "../../islands/AgentWorkspace.tsx";
import ConnectionChip from "../../islands/ConnectionChip.tsx";
import PasswordField from "../../islands/PasswordField.tsx";
import RealTimeAgentLogs from "../../islands/RealTimeAgentLogs.tsx";
import StorageBanner from "../../islands/StorageBanner.tsx";
import ThemeToggle from "../../islands/ThemeToggle.tsx";
import { packFleet } from "../../lib/ui/fleet/fleet_agent.ts";
import { readFleetPlace } from "../../lib/ui/fleet/fleet_href.ts";
import { NO_FILTER } from "../../lib/ui/logs/log_filter.ts";
import { createForm, toConfigInput } from "../../lib/ui/spawn_form.ts";
import { account, agent, logLine } from "../lib/ui/fixtures.ts";

function detail(): AgentDetail {
  const input = toConfigInput({ ...createForm(null).values, "/name": "agent" });
  return {
    ...agent(),
    config: agentConfigSchema.parse(input),
    history: [],
    listensTo: [],
    latency: {},
    supervision: { restartWindowMs: 60_000, mailboxMax: 1_024 },
  };
}

/** What holds for everything the server paints. */
function checkMarkup(html: string): void {
  ok(!/\sstyle=/.test(html), "a style attribute breaks the page's policy");
  ok(!/NaN|undefined|\[object/.test(html), "no value is shown broken");
}

function fleet(
  agents: readonly AgentView[],
): string {
  return render(
    <AgentManagement
      fleet={packFleet(agents, {})}
      templates={[]}
      teamTemplates={[]}
      headSeq={0}
      user={{ id: "usr_1", role: "admin" }}
      isLiveArmed={false}
      place={readFleetPlace(new URLSearchParams())}
    />,
  );
}

Deno.test("AgentManagement paints a usable table on the server", () => {
  const html = fleet([
    agent({
      id: "a",
      name: "one",
      account: account({ equity: "10000.5", trades: 3 }),
    }),
    agent({ id: "b", name: "two", account: null }),
  ]);
  checkMarkup(html);
  ok(html.includes('data-testid="agent-row-one"'));
  ok(html.includes("10,000.50"));
  ok(html.includes("Simulated"), "simulated numbers are labelled");
  ok(
    html.includes("account is not known yet"),
    "an unknown value has its reason",
  );
  ok(html.includes('href="/agents/b"'));
});

Deno.test("AgentManagement invites to spawn where there is no agent", () => {
  const html = fleet([]);
  checkMarkup(html);
  ok(html.includes("Spawn your first paper agent"));
});

Deno.test("a viewer sees commands disabled with the reason", () => {
  const html = render(
    <AgentManagement
      fleet={packFleet([agent()], {})}
      templates={[]}
      teamTemplates={[]}
      headSeq={0}
      user={{ id: "usr_1", role: "viewer" }}
      isLiveArmed={false}
      place={readFleetPlace(new URLSearchParams())}
    />,
  );
  ok(
    /aria-disabled="true"[^>]*data-testid="action-stop"|data-testid="action-stop"[^>]*aria-disabled="true"/
      .test(html),
  );
  ok(html.includes("Needs role operator"));
});

Deno.test("AgentWorkspace stands where chart, trades and performance failed", () => {
  for (
    const tab of [
      "overview",
      "trades",
      "decisions",
      "config",
      "supervision",
      "logs",
    ]
  ) {
    const html = render(
      <AgentWorkspace
        configHistory={null}
        decisions={null}
        orders={null}
        agent={detail()}
        chart={null}
        chartFailure={{
          detail: "The agent does not answer",
          code: "ACTOR_TIMEOUT",
          requestId: null,
        }}
        choice={{ timeframe: "1m", range: "latest" }}
        performance={null}
        trades={null}
        resources={null}
        logs={[]}
        logsCursor={null}
        kin={{ mates: [], sources: [], listeners: [] }}
        headSeq={0}
        user={{ id: "usr_1", role: "admin" }}
        tab={tab}
      />,
    );
    checkMarkup(html);
    ok(html.includes("The agent does not answer"));
    ok(html.includes('role="tabpanel"'));
  }
});

Deno.test("RealTimeAgentLogs paints lines, filters and exports without script", () => {
  const html = render(
    <RealTimeAgentLogs
      entries={[logLine(2), logLine(1)]}
      nextCursor={null}
      filter={{ ...NO_FILTER, levels: ["error"] }}
      agents={[{ id: "agt_1", name: "one" }]}
      headSeq={2}
      topics={["logs:all"]}
    />,
  );
  checkMarkup(html);
  ok(html.indexOf("line 1") < html.indexOf("line 2"), "oldest first");
  equal(html.match(/data-testid="log-row"/g)?.length, 2);
  ok(html.includes("/api/logs/export?level=error&amp;format=csv"));
  ok(/<option value="error" selected/.test(html));
});

Deno.test("small islands paint on the server", () => {
  checkMarkup(render(<ConnectionChip />));
  checkMarkup(render(<ThemeToggle />));
  const field = render(
    <PasswordField
      autocomplete="new-password"
      error="Too short"
      minLength={15}
    />,
  );
  checkMarkup(field);
  ok(field.includes('aria-describedby="password-help password-error"'));
});

Deno.test("StorageBanner says on the first paint why nothing can be stored, and nothing while all is well", () => {
  const html = render(<StorageBanner problem="The disk is full" />);
  checkMarkup(html);
  ok(html.includes("The disk is full"));
  equal(render(<StorageBanner problem={null} />), "");
});
