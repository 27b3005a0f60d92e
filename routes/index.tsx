import { page } from "fresh";
import { Head } from "fresh/runtime";
import AgentManagement from "../islands/AgentManagement.tsx";
import { plural } from "../lib/ui/format.ts";
import { limitsOf } from "../lib/ui/fleet/store.ts";
import { toPanelUser } from "../lib/ui/roles.ts";
import { define } from "./(_shared)/define.ts";
import { orErrorPage, requireUser } from "./(_shared)/guard.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { fleet, headSeq } = ctx.state.services;
    // The place in the stream first: what happens while the page is made is sent again, never lost.
    const seq = headSeq();
    const agents = fleet.list().filter(({ desired }) => desired !== "retired");
    const limits = await orErrorPage(() =>
      Object.fromEntries(agents.map(({ id }) => [id, limitsOf(fleet.get(id))]))
    );
    return page({
      agents,
      limits,
      templates: fleet.templates(),
      teamTemplates: fleet.teams.templates(),
      headSeq: seq,
      user: toPanelUser(login.user),
      isLiveArmed: ctx.state.services.isLiveArmed,
      filter: ctx.url.searchParams.get("q") ?? "",
    });
  },
});

/** The fleet. */
export default define.page<typeof handler>(function FleetPage({ data }) {
  const running = data.agents.filter(({ observed }) =>
    observed === "running"
  ).length;
  return (
    <>
      <Head>
        <title>
          Fleet — {`${plural(data.agents.length, "agent")}, ${running} running`}
          {" "}
          · SMC Fleet
        </title>
      </Head>
      <h1 class="sr-only">Fleet</h1>
      <AgentManagement {...data} />
    </>
  );
});
