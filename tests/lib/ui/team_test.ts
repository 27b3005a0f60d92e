import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { TEAM_TEMPLATES } from "../../../agents/mod.ts";
import { teamSpawnSchema } from "../../../lib/contracts/team.ts";
import { matchesFilter, parseFilter } from "../../../lib/ui/fleet/filter.ts";
import { FleetStore } from "../../../lib/ui/fleet/store.ts";
import { TableState } from "../../../lib/ui/fleet/table_state.ts";
import {
  teamFilter,
  teamGroup,
  withTeams,
} from "../../../lib/ui/fleet/team_rows.ts";
import { reduce, type SpawnForm } from "../../../lib/ui/spawn_form.ts";
import {
  createTeamForm,
  teamErrors,
  teamPointer,
  toTeamRequest,
  toTeamSpawn,
} from "../../../lib/ui/spawn/team/team_form.ts";
import { agent } from "./fixtures.ts";

function mate(id: string, role: string, change: object = {}) {
  const team = { id: "team_1", name: "my pair", role, size: 2 };
  return agent({ id, name: `my pair ${role}`, team, ...change });
}

Deno.test("withTeams() keeps the agents of a team together beneath it, and loses none", () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.constantFrom("team_1", "team_2"))),
      (teams) => {
        const agents = teams.map((team, n) =>
          agent({
            id: `agt_${n}`,
            ...(team === null
              ? {}
              : { team: { id: team, name: team, role: `r${n}`, size: 9 } }),
          })
        );
        const rows = withTeams(agents);
        const shown = rows.filter((id) => id.startsWith("agt_"));
        deepEqual(shown.toSorted(), agents.map(({ id }) => id).toSorted());
        for (const { id, team } of agents) {
          const above = rows.slice(0, rows.indexOf(id)).findLast((row) =>
            row.startsWith("team_") ||
            agents.find((other) => other.id === row)?.team === undefined
          );
          if (team !== undefined) equal(above, team.id);
        }
      },
    ),
  );
});

Deno.test("TableState groups by team until that is turned off, and selects agents alone", () => {
  const store = new FleetStore([
    mate("agt_a", "one"),
    agent({ id: "agt_b", name: "aaa" }),
    mate("agt_c", "two"),
  ], {});
  const table = new TableState(store, "");
  deepEqual(table.rowIds, ["agt_b", "team_1", "agt_a", "agt_c"]);
  deepEqual(table.shownIds, ["agt_b", "agt_a", "agt_c"]);
  table.isGrouped.value = false;
  deepEqual(table.rowIds, ["agt_b", "agt_a", "agt_c"]);
});

Deno.test("teamGroup() knows a team as a whole, whatever the filter shows of it", () => {
  const all = [mate("agt_b", "two"), mate("agt_a", "one"), agent()];
  const group = teamGroup("team_1", all)!;
  deepEqual(group.agents.map(({ id }) => id), ["agt_a", "agt_b"]);
  equal(group.state, "running");
  const rests = [all[0]!, mate("agt_a", "one", { desired: "stopped" })];
  equal(teamGroup("team_1", rests)!.state, "incomplete");
  equal(teamGroup("team_1", [all[0]!])!.state, "incomplete");
  equal(teamGroup("team_2", all), null);
});

Deno.test("teamFilter() finds a team by its whole name", () => {
  const filter = parseFilter(teamFilter("my pair"));
  equal(matchesFilter(mate("agt_a", "one"), filter), true);
  equal(matchesFilter(agent(), filter), false);
  equal(matchesFilter(mate("agt_a", "one"), parseFilter("team:my")), false);
});

function edited(edits: Record<string, string>): SpawnForm {
  return Object.entries(edits).reduce(
    (form, [pointer, value]) => reduce(form, { type: "edit", pointer, value }),
    createTeamForm(TEAM_TEMPLATES[0]!),
  );
}

Deno.test("toTeamRequest() sends the market, and only those limits that were changed", () => {
  const form = edited({ "/name": " btc ", "/risk/leverage": "3" });
  const request = toTeamRequest(form);
  deepEqual(request["risk"], { leverage: 3 });
  equal(request["name"], "btc");
  const parsed = teamSpawnSchema.parse(toTeamSpawn(form));
  equal(parsed.market.symbol, form.values["/symbol"]);
  equal(parsed.template, TEAM_TEMPLATES[0]!.name);
  equal(parsed.confirmName, undefined);
});

Deno.test("a live team is sent with its key and the name that was typed once more", () => {
  const request = toTeamSpawn(edited({
    "/name": "btc",
    "/mode": "live",
    "/exchangeKeyId": "key_1",
    "/confirmName": "btc",
  }));
  const { market, confirmName } = teamSpawnSchema.parse(request);
  equal(market.mode, "live");
  equal(market.exchangeKeyId, "key_1");
  equal(confirmName, "btc");
});

Deno.test("errors of members show at the field that all share, others at their member", () => {
  equal(teamPointer("/members/1/risk/leverage"), "/risk/leverage");
  equal(teamPointer("/members/0/feed/file"), "/feed/file");
  equal(teamPointer("/members/0/sources/0"), "/members/0/sources/0");
  equal(teamPointer("/name"), "/name");
  const remark = (pointer: string, detail: string) => ({
    pointer,
    code: "X",
    detail,
  });
  deepEqual(
    teamErrors([
      remark("/members/0/symbol", "Wrong"),
      remark("/members/1/symbol", "Wrong again"),
      remark("/members/1/sources/0", "Silent"),
    ], [{ role: "one" }, { role: "two" }]),
    { "/symbol": "Wrong", "/members/1/sources/0": "two: Silent" },
  );
});
