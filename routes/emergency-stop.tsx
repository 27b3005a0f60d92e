import { HttpError, page } from "fresh";
import { Head } from "fresh/runtime";
import type { AgentView } from "../lib/contracts/agent.ts";
import type { User } from "../lib/contracts/auth.ts";
import { plural } from "../lib/ui/format.ts";
import { whyNot } from "../lib/ui/fleet/actions.ts";
import { Glyph } from "../lib/ui/Glyph.tsx";
import { roleRefusal } from "../lib/ui/roles.ts";
import type { Services } from "../lib/api/page_state.ts";
import { define } from "./(_shared)/define.ts";
import { readForm, requireUser } from "./(_shared)/guard.ts";

interface StopResult {
  id: string;
  name: string;
  /** Null = the stop was accepted. */
  refusal: string | null;
}

interface StopData {
  agents: readonly AgentView[];
  refusal: string | null;
  /** Null before the button was pressed. */
  results: readonly StopResult[] | null;
}

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    return page<StopData>({
      agents: stoppable(ctx.state.services.fleet, login.user),
      refusal: roleRefusal(login.user.role, "stop"),
      results: null,
    });
  },
  async POST(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { services } = ctx.state;
    if (services.isForeign(ctx.req)) {
      throw new HttpError(403, "This form came from another site");
    }
    const refusal = roleRefusal(login.user.role, "stop");
    if (refusal !== null) throw new HttpError(403, refusal);
    const field = await readForm(ctx.req);
    const results = await stopAll(services.fleet, login.user, {
      reason: `Emergency stop${field("reason") && `: ${field("reason")}`}`
        .slice(0, 200),
      positions: field("positions") === "keep" ? "keep" : "close",
    });
    return page<StopData>({ agents: [], refusal: null, results });
  },
});

function stoppable(fleet: Services["fleet"], user: User): AgentView[] {
  return fleet.list().filter((agent) =>
    whyNot(agent, "stop", user.role) === null
  );
}

/** Asks every agent to stop, all at once; one that refuses does not hold the others up. */
function stopAll(
  fleet: Services["fleet"],
  user: User,
  options: { reason: string; positions: "close" | "keep" },
): Promise<StopResult[]> {
  const caller = { userId: user.id, email: user.email, via: "panel" as const };
  return Promise.all(
    stoppable(fleet, user).map(async ({ id, name }) => {
      try {
        await fleet.control(id, { action: "stop", ...options }, caller);
        return { id, name, refusal: null };
      } catch (error) {
        return {
          id,
          name,
          refusal: error instanceof Error ? error.message : String(error),
        };
      }
    }),
  );
}

/** Stops every agent. A plain form: it works without script and with the stream down. */
export default define.page<typeof handler>(function EmergencyStop({ data }) {
  return (
    <section class="card stop-page">
      <Head>
        <title>Emergency stop · SMC Fleet</title>
      </Head>
      <h1>Emergency stop</h1>
      {data.results === null
        ? <StopForm agents={data.agents} refusal={data.refusal} />
        : <StopResults results={data.results} />}
    </section>
  );
});

function StopForm(
  { agents, refusal }: Pick<StopData, "agents" | "refusal">,
) {
  if (agents.length === 0) {
    return (
      <>
        <p>{refusal ?? "No agent is running; there is nothing to stop."}</p>
        <p>
          <a class="btn btn-default" href="/">Back to the fleet</a>
        </p>
      </>
    );
  }
  const accounts = agents.flatMap(({ account }) => account ?? []);
  const orders = accounts.reduce(
    (sum, each) => sum + each.openOrders.length,
    0,
  );
  const positions = accounts.filter(({ position }) => position !== null).length;
  const unknown = agents.length - accounts.length;
  return (
    <form method="post" action="/emergency-stop" data-testid="emergency-form">
      <p>
        Stops {plural(agents.length, "agent")}: withdraws{" "}
        {plural(orders, "open order")} and ends the agents. Now open:{" "}
        {plural(positions, "position")}
        {unknown > 0 &&
          `; the accounts of ${plural(unknown, "agent")} are not known`}. Each
        agent has to be started again by hand.
      </p>
      <fieldset class="choices">
        <legend>Open positions</legend>
        <label class="choice">
          <input type="radio" name="positions" value="close" checked />
          Close at the last market price
        </label>
        <label class="choice">
          <input type="radio" name="positions" value="keep" />
          Keep, with stop and target in place
        </label>
      </fieldset>
      <div class="field">
        <label for="reason">
          Reason <span class="field-unit">optional</span>
        </label>
        <input class="input" id="reason" name="reason" maxLength={150} />
      </div>
      <div class="dialog-actions">
        <a class="btn btn-default" href="/">Cancel</a>
        <button
          type="submit"
          class="btn btn-danger"
          autofocus
          data-testid="emergency-submit"
        >
          <Glyph name="stop" /> Stop {plural(agents.length, "agent")} now
        </button>
      </div>
    </form>
  );
}

function StopResults({ results }: { results: readonly StopResult[] }) {
  const refused = results.filter(({ refusal }) => refusal !== null).length;
  return (
    <>
      <p role="status">
        {results.length - refused} of {plural(results.length, "agent")}{" "}
        accepted the stop. An agent counts as stopped when its desk has
        confirmed that it has no open order; the fleet shows it.
      </p>
      <ul class="plain-list stop-results" data-testid="emergency-results">
        {results.map(({ id, name, refusal }) => (
          <li key={id} class={refusal === null ? "tone-ok" : "tone-danger"}>
            <Glyph name={refusal === null ? "check" : "cross"} />{" "}
            <a href={`/agents/${id}`}>{name}</a>{" "}
            {refusal === null ? "stop accepted" : refusal}
          </li>
        ))}
      </ul>
      <p>
        <a class="btn btn-primary" href="/">Watch the fleet</a>
      </p>
    </>
  );
}
