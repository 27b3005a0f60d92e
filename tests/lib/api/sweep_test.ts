/**
 * Every route × every role × things of one's own, of others, of nobody and that
 * do not exist × every kind of login: what comes of it is what the policy table
 * says. What a route is comes from the route itself.
 */
import assert from "node:assert/strict";
import { listDeclarations } from "../../../lib/api/api.ts";
import type { DeclaredRoute } from "../../../lib/api/declarations.ts";
import { OPEN_PATHS } from "../../../lib/api/gate.ts";
import {
  type Action,
  mayAct,
  permissionOf,
  type Role,
  ROLES,
} from "../../../lib/contracts/policy.ts";
import type { Problem } from "../../../lib/contracts/problem.ts";
import { BODIES } from "./sweep_bodies.ts";
import {
  createSweepWorld,
  type LoginKind,
  LOGINS,
  OTHER,
  OWNER_QUERIES,
  type Relation,
  RELATIONS,
  type SweepWorld,
  userIn,
} from "./sweep_world.ts";
import { createWorld } from "./world.ts";

/** One request of the sweep. */
interface Case {
  route: DeclaredRoute;
  /** What it is with this body. */
  actions: readonly Action[];
  relation: Relation;
  role: Role;
  login: LoginKind;
  isLive: boolean;
  isFresh: boolean;
}

const REFUSALS = [
  "ROLE_MISSING",
  "SCOPE_MISSING",
  "NOT_OWNER",
  "FRESH_PROOF_NEEDED",
];

/** What the table says, read a second time. `missing`: there is no such thing. */
function expected(one: Case): string {
  const { relation, role, route } = one;
  const { isOwned = false, provesItself = false } = route.declared!;
  const reaches = (needed: Role | null | undefined) =>
    needed !== null && needed !== undefined &&
    ROLES.indexOf(role) >= ROLES.indexOf(needed);
  for (const action of one.actions) {
    const { own, any, stepUp } = permissionOf(action);
    const isTarget = isOwned || route.declared!.named?.includes(action);
    if (!reaches(own) && !reaches(any)) return "ROLE_MISSING";
    if (one.login === "bare_token") return "SCOPE_MISSING";
    if (!route.path.includes(":") && relation === "own") {
      // It is one's own, whatever it is.
    } else if (relation === "unknown" && isTarget) return "missing";
    else if (relation === "foreign" && !reaches(any)) return "NOT_OWNER";
    else if (relation === "nobodys" && !reaches(any)) {
      return any === null ? "NOT_OWNER" : "ROLE_MISSING";
    }
    const wantsProof = stepUp === "always" || stepUp === "factor" ||
      stepUp === "live" && one.isLive;
    if (wantsProof && !one.isFresh && !provesItself) {
      return "FRESH_PROOF_NEEDED";
    }
  }
  return "done";
}

function* casesOf(route: DeclaredRoute): Generator<Case> {
  const { actions, named = [] } = route.declared!;
  const isAsked = `${route.method} ${route.path}` in OWNER_QUERIES;
  const relations = route.path.includes(":")
    ? RELATIONS
    : isAsked
    ? ["own", "foreign"] as const
    : ["own"] as const;
  const wholes = named.length === 0
    ? [actions]
    : named.map((action) => [...actions, action]);
  for (const whole of wholes) {
    const steps = whole.map((action) => permissionOf(action).stepUp);
    const lives = steps.includes("live") && route.path.includes(":")
      ? [false, true]
      : [false];
    const freshness = steps.some(Boolean) ? [false, true] : [false];
    for (const role of ROLES) {
      for (const relation of relations) {
        for (const login of LOGINS) {
          for (const isLive of lives) {
            for (const isFresh of freshness) {
              yield {
                route,
                actions: whole,
                relation,
                role,
                login,
                isLive,
                isFresh,
              };
            }
          }
        }
      }
    }
  }
}

let sent = 0;

async function send(
  world: SweepWorld,
  one: Case,
): Promise<{ status: number; problem: Problem | null } | null> {
  const { route, role, actions } = one;
  const path = await world.pathTo(route, one);
  if (path === null) return null;
  world.clock.now += 10_000;
  world.proof.isFresh = one.isFresh;
  const body = BODIES[`${route.method} ${route.path}`];
  const isRead = ["GET", "DELETE"].includes(route.method);
  const response = await world.call(route.method, path, {
    as: null,
    headers: {
      ...world.login(one.login, { role, scopes: actions }),
      "idempotency-key": `sweep-${++sent}`,
    },
    ...(isRead ? {} : { body: body?.(actions.at(-1)!) ?? {} }),
  });
  const isProblem = response.headers.get("content-type") ===
    "application/problem+json";
  const problem: Problem | null = isProblem ? await response.json() : null;
  if (!isProblem) await response.body?.cancel();
  return { status: response.status, problem };
}

function nameOf({ route, actions, ...one }: Case): string {
  return `${route.method} ${route.path} ${JSON.stringify({ actions, ...one })}`;
}

Deno.test("every route × role × owner × login answers as the policy table says", async () => {
  const world = createSweepWorld();
  const routes = listDeclarations(world.options).filter(({ path }) =>
    !OPEN_PATHS.includes(path)
  );
  assert.ok(routes.length > 50);
  for (const route of routes) {
    assert.ok(route.declared, `${route.method} ${route.path} declares nothing`);
    for (const one of casesOf(route)) {
      const recorded = world.audits.length;
      // deno-lint-ignore no-await-in-loop -- one at a time: each looks at what is recorded
      const answer = await send(world, one);
      if (answer === null) continue;
      const { status, problem } = answer;
      const wanted = expected(one);
      const name = `${nameOf(one)} → ${wanted}, not ${status} ${problem?.code}`;
      assert.ok(status < 500 && status !== 401, name);
      // What is wrong with the body is on record as well, and no refusal of the policy.
      const refusals = world.audits.slice(recorded).filter((
        { outcome, detail },
      ) => outcome === "refused" && REFUSALS.includes(String(detail["code"])));
      if (wanted === "missing") {
        assert.equal(status, 404, name);
      } else if (wanted === "done") {
        assert.ok(!REFUSALS.includes(problem?.code ?? ""), name);
        const { isOwned = false } = route.declared;
        if (isOwned) assert.notEqual(status, 404, name);
        assert.deepEqual(refusals, [], name);
      } else {
        // What others may not know of answers as if there were no such thing.
        const isHidden = problem?.code.endsWith("_NOT_FOUND") ?? false;
        if (isHidden) assert.equal(wanted, "NOT_OWNER", name);
        else assert.equal(problem?.code, wanted, name);
        assert.equal(status, isHidden ? 404 : 403, name);
        assert.equal(refusals.length, 1, name);
        const [refusal] = refusals;
        assert.deepEqual(refusal!.actor, {
          kind: one.login.endsWith("token") ? "token" : "user",
          id: `usr_${one.role}`,
          name: `${one.role}@example.com`,
        }, name);
        assert.ok(one.actions.some((known) => known === refusal!.action), name);
        assert.ok(refusal!.target.length > 0 && refusal!.reason.length > 0);
        assert.equal(refusal!.detail["code"], wanted, name);
      }
    }
  }
});

Deno.test("a refusal of what belongs to others says whose it is and who may", async () => {
  const world = createSweepWorld();
  const [route] = listDeclarations(world.options).filter(({ method, path }) =>
    method === "DELETE" && path === "/api/agents/:id"
  );
  const one: Case = {
    route: route!,
    actions: ["agents.delete"],
    relation: "foreign",
    role: "trader",
    login: "session",
    isLive: false,
    isFresh: false,
  };
  const answer = await send(world, one);
  assert.match(answer!.problem!.detail, /other@example\.com/);
  assert.match(answer!.problem!.detail, /role risk/);
  assert.match(world.audits.at(-1)!.target, /^agt_/);
});

Deno.test("mayAct is what the table says of own, anybody's and nobody's", () => {
  const other = OTHER.id;
  const trader = userIn("trader");
  assert.ok(mayAct(trader, "agents.configure", trader.id));
  assert.ok(!mayAct(trader, "agents.configure", other));
  assert.ok(!mayAct(trader, "agents.configure", null));
  assert.ok(mayAct(userIn("risk"), "agents.configure", other));
  assert.ok(mayAct(userIn("risk"), "agents.configure", null));
  assert.ok(!mayAct(userIn("admin"), "keys.test", other));
  assert.ok(!mayAct(userIn("admin"), "keys.test", null));
});

Deno.test("the declared routes are the routes", () => {
  const { options } = createWorld();
  for (const { method, path, declared } of listDeclarations(options)) {
    assert.equal(declared === null, OPEN_PATHS.includes(path), method + path);
  }
});
