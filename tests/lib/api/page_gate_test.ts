import assert from "node:assert/strict";
import * as fc from "fast-check";
import { rememberConnection } from "../../../lib/api/connection.ts";
import { isHttps, originOf } from "../../../lib/api/origin.ts";
import {
  createPageGate,
  formTokenOf,
  isSameToken,
} from "../../../lib/api/page_gate.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { identityOf, userOf } from "../../support/users.ts";

const SELF = "http://localhost:3001";
const USER_BURST = 100;
const ADDRESS_BURST = 20;
const IDENTITY = identityOf(userOf());

function form(headers: Record<string, string>, path = "/settings/keys") {
  return new Request(`${SELF}${path}`, { method: "POST", headers });
}

function gateOf(state = { isDraining: false }) {
  const gate = createPageGate({
    allowedOrigins: ["https://fleet.example"],
    now: () => 0,
    isDraining: () => state.isDraining,
    limits: {
      userPerSecond: 1,
      userBurst: USER_BURST,
      addressPerSecond: 1,
      addressBurst: ADDRESS_BURST,
      handlerDeadlineMs: 1_000,
    },
  });
  return (request: Request, identity: typeof IDENTITY | null = IDENTITY) => {
    try {
      gate(request, identity);
      return "admitted";
    } catch (error) {
      assert.ok(error instanceof AppError);
      return error.code;
    }
  };
}

Deno.test("createPageGate lets a form of a login in from its own pages only", () => {
  const admit = gateOf();
  const own = { origin: SELF, "sec-fetch-site": "same-origin" };
  assert.equal(admit(form(own)), "admitted");
  assert.equal(admit(form({ origin: SELF })), "admitted");
  assert.equal(admit(form({ "sec-fetch-site": "same-origin" })), "admitted");
  assert.equal(admit(form({ origin: "https://fleet.example" })), "admitted");
  const foreign: Record<string, string>[] = [
    {},
    { origin: "null" },
    { origin: "http://localhost:4000" },
    { origin: "https://evil.example" },
    { origin: SELF, "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none" },
    { "sec-fetch-site": "cross-site" },
    { origin: "http://fleet.example" },
  ];
  for (const headers of foreign) {
    assert.equal(
      admit(form(headers)),
      "ORIGIN_FOREIGN",
      JSON.stringify(headers),
    );
  }
});

Deno.test("createPageGate refuses a login form of another site, and lets a script's in", () => {
  const admit = gateOf();
  assert.equal(admit(form({}, "/login"), null), "admitted");
  assert.equal(admit(form({ origin: SELF }, "/login"), null), "admitted");
  assert.equal(
    admit(form({ origin: "https://evil.example" }, "/login"), null),
    "ORIGIN_FOREIGN",
  );
  assert.equal(
    admit(form({ "sec-fetch-site": "cross-site" }, "/login"), null),
    "ORIGIN_FOREIGN",
  );
});

Deno.test("createPageGate counts forms by person, or by address before a login", () => {
  const admit = gateOf();
  const count = (run: () => string) => {
    for (let n = 0;; n++) if (run() === "RATE_LIMITED") return n;
  };
  assert.equal(count(() => admit(form({ origin: SELF }))), USER_BURST);
  const from = (address: string) => {
    const request = form({ origin: SELF }, "/login");
    rememberConnection(request, { address, isHttps: false });
    return admit(request, null);
  };
  assert.equal(count(() => from("192.0.2.1")), ADDRESS_BURST);
  assert.equal(from("192.0.2.2"), "admitted");
});

Deno.test("createPageGate takes only what is harmless while the server drains", () => {
  const state = { isDraining: true };
  const admit = gateOf(state);
  assert.equal(admit(form({ origin: SELF })), "DRAINING");
  assert.equal(admit(form({ origin: SELF }, "/emergency-stop")), "admitted");
  assert.equal(admit(form({ origin: SELF }, "/logout")), "admitted");
});

Deno.test("formTokenOf is of one session alone, and tells nothing of its secret", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 8 }),
      fc.string({ minLength: 8 }),
      (one, other) => {
        const token = formTokenOf(one);
        assert.match(token, /^[\w-]{43}$/);
        assert.ok(!token.includes(one));
        assert.equal(isSameToken(token, formTokenOf(one)), true);
        assert.equal(isSameToken(token, formTokenOf(other)), one === other);
        assert.equal(isSameToken(token, ""), false);
        assert.equal(isSameToken(token, `${token} `), false);
      },
    ),
  );
});

Deno.test("originOf and isHttps take a trusted proxy's word for TLS", () => {
  const request = new Request("http://fleet.local/", {
    headers: { origin: "https://fleet.local" },
  });
  const plain = new Request("http://fleet.local/", {
    headers: { origin: "http://fleet.local" },
  });
  const none = { allowedOrigins: [] };
  assert.equal(isHttps(request, none), false);
  for (const one of [request, plain]) {
    rememberConnection(one, { address: "192.0.2.1", isHttps: true });
  }
  assert.equal(isHttps(request, none), true);
  assert.equal(originOf(request, none), "own");
  assert.equal(originOf(plain, none), "foreign");
});
