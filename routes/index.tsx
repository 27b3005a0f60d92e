import { page } from "fresh";
import { Head } from "fresh/runtime";
import AgentManagement from "../islands/AgentManagement.tsx";
import { plural } from "../lib/ui/format.ts";
import { packFleet } from "../lib/ui/fleet/fleet_agent.ts";
import { readFleetPlace } from "../lib/ui/fleet/fleet_href.ts";
import { limitsOf } from "../lib/ui/fleet/store.ts";
import { toPanelUser } from "../lib/ui/roles.ts";
import { define } from "./(_shared)/define.ts";
import { requireUser } from "./(_shared)/guard.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { fleet, headSeq } = ctx.state.services;
    // The place in the stream first: what happens while the page is made is sent again, never lost.
    const seq = headSeq();
    const agents = fleet.list().filter(({ desired }) => desired !== "retired");
    const limits = Object.fromEntries(
      agents.flatMap(({ id }) => {
        // One that has gone meanwhile shows "—"; the others are there.
        try {
          return [[id, limitsOf(fleet.get(id))]];
        } catch {
          return [];
        }
      }),
    );
    return page({
      fleet: packFleet(agents, limits),
      templates: fleet.templates(),
      teamTemplates: fleet.teams.templates(),
      headSeq: seq,
      user: toPanelUser(login.user),
      isLiveArmed: ctx.state.services.isLiveArmed,
      place: readFleetPlace(ctx.url.searchParams),
      counts: {
        all: agents.length,
        running: agents.filter(({ observed }) => observed === "running").length,
      },
    });
  },
});

/** The fleet. */
export default define.page<typeof handler>(function FleetPage({ data }) {
  const { counts, ...props } = data;
  return (
    <>
      <Head>
        <title>
          Fleet — {`${plural(counts.all, "agent")}, ${counts.running} running`}
          {" "}
          · SMC Fleet
        </title>
      </Head>
      <h1 class="sr-only">Fleet</h1>
      <AgentManagement {...props} />
    </>
  );
});
