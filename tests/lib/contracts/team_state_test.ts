import assert from "node:assert/strict";
import fc from "fast-check";
import {
  DESIRED_STATES,
  OBSERVED_STATES,
} from "../../../lib/contracts/lifecycle.ts";
import { teamStateOf } from "../../../lib/contracts/team_state.ts";

const member = fc.record({
  desired: fc.constantFrom(...DESIRED_STATES),
  observed: fc.constantFrom(...OBSERVED_STATES),
});

Deno.test("teamStateOf() says what all agents are, where they are all the same", () => {
  for (const state of ["running", "paused", "stopped"] as const) {
    const members = [1, 2].map(() => ({ desired: state, observed: state }));
    assert.equal(teamStateOf(members, 2), state);
  }
});

Deno.test("teamStateOf() never calls a team whole that lacks an agent or in which one rests", () => {
  fc.assert(
    fc.property(fc.array(member, { minLength: 1, maxLength: 8 }), (members) => {
      const isUp = ({ desired }: typeof members[number]) =>
        desired === "running" || desired === "paused";
      const up = members.filter(isUp).length;
      const state = teamStateOf(members, members.length);
      if (up > 0 && up < members.length) assert.equal(state, "incomplete");
      if (up > 0) {
        assert.equal(teamStateOf(members, members.length + 1), "incomplete");
      }
      if (up === 0) assert.ok(state === "stopped" || state === "changing");
      const isRunning = members.every(({ desired, observed }) =>
        desired === "running" && observed === "running"
      );
      assert.equal(state === "running", isRunning);
    }),
  );
});
