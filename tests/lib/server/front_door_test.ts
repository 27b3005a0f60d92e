import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  connectionOf,
  createTrustedProxies,
  readConnection,
} from "../../../lib/api/connection.ts";
import { createHostCheck } from "../../../lib/api/hosts.ts";
import {
  MAX_BODY_BYTES,
  MAX_UNDERWAY_PER_ADDRESS,
} from "../../../lib/api/limits.ts";
import { parseEnv } from "../../../lib/core/env.ts";
import { createFrontDoor } from "../../../lib/server/front_door.ts";

type Variables = Readonly<Record<string, string>>;

function doorOf(variables: Variables = {}) {
  const errors: unknown[] = [];
  const door = createFrontDoor({
    env: parseEnv((name) => variables[name]),
    ids: (prefix) => `${prefix}_1`,
    logError: (_, error) => void errors.push(error),
  });
  return { door, errors };
}

/** Asks a door as somebody at `peer`; behind it is what was found out of the connection. */
async function ask(
  request: Request,
  { variables = {}, peer = "192.0.2.1" }: {
    variables?: Variables;
    peer?: string;
  } = {},
): Promise<Response> {
  return await doorOf(variables).door(request, {
    peer,
    next: (admitted) => Promise.resolve(Response.json(connectionOf(admitted))),
  });
}

Deno.test("front door answers by its own names only: a name that was made to point here gets 421", async () => {
  const status = async (host: string, variables: Variables = {}) =>
    (await ask(new Request(`http://${host}/`), { variables })).status;
  for (
    const host of ["localhost:3001", "127.0.0.1:3001", "127.1.2.3", "[::1]"]
  ) {
    assert.equal(await status(host), 200, host);
  }
  const foreign = [
    "evil.example:3001",
    "localhost.evil.example",
    "127.0.0.1.nip.example",
    "10.0.0.1",
    "[::2]",
    "fleet.example",
  ];
  for (const host of foreign) assert.equal(await status(host), 421, host);
  const named = { PUBLIC_ORIGINS: "https://fleet.example" };
  assert.equal(await status("fleet.example", named), 200);
  assert.equal(await status("evil.example", named), 421);
  const open = { HOST: "0.0.0.0" };
  assert.equal(await status("nas.local", open), 200);
  assert.equal(await status("nas.local", { ...open, ...named }), 421);
  assert.equal(await status("192.168.1.5:3001", { ...open, ...named }), 200);
});

Deno.test("front door refuses with a problem below /api and a sentence elsewhere, under all headers", async () => {
  const api = await ask(new Request("http://evil.example/api/agents"));
  assert.equal(api.headers.get("content-type"), "application/problem+json");
  assert.equal((await api.json()).code, "HOST_UNKNOWN");
  assert.match(
    api.headers.get("content-security-policy")!,
    /default-src 'none'/,
  );
  const page = await ask(new Request("http://evil.example/"));
  assert.match(await page.text(), /not called "evil\.example".*PUBLIC_ORIGINS/);
  assert.match(
    page.headers.get("content-security-policy")!,
    /script-src 'self'/,
  );
  assert.equal(page.headers.get("x-content-type-options"), "nosniff");
  assert.equal(page.headers.get("strict-transport-security"), null);
});

Deno.test("front door gives every answer its headers, also what broke, and keeps what an answer has", async () => {
  const { door, errors } = doorOf();
  const open = (next: () => Promise<Response>) =>
    door(new Request("http://localhost/x"), { peer: "127.0.0.1", next });
  const broken = await open(() => Promise.reject(new Error("a secret")));
  assert.equal(broken.status, 500);
  assert.doesNotMatch(await broken.text(), /secret/);
  assert.equal(errors.length, 1);
  const redirect = await open(() =>
    Promise.resolve(new Response(null, { status: 303 }))
  );
  for (const { headers } of [broken, redirect]) {
    assert.match(headers.get("content-security-policy")!, /base-uri 'none'/);
    assert.equal(headers.get("x-frame-options"), "DENY");
    assert.equal(headers.get("cross-origin-opener-policy"), "same-origin");
    assert.match(headers.get("permissions-policy")!, /camera=\(\)/);
    assert.doesNotMatch(
      headers.get("content-security-policy")!,
      /unsafe|nonce/,
    );
  }
  const own = await open(() =>
    Promise.resolve(
      new Response("", { headers: { "Content-Security-Policy": "sandbox" } }),
    )
  );
  assert.equal(own.headers.get("content-security-policy"), "sandbox");
});

Deno.test("front door over TLS adds HSTS and the reporting endpoint", async () => {
  const request = new Request("http://fleet.example/", {
    headers: { "x-forwarded-proto": "https" },
  });
  const variables = {
    PUBLIC_ORIGINS: "https://fleet.example",
    TRUSTED_PROXIES: "192.0.2.1",
  };
  const { headers } = await ask(request, { variables });
  assert.match(headers.get("strict-transport-security")!, /^max-age=\d+$/);
  assert.equal(headers.get("reporting-endpoints"), 'csp="/api/csp-report"');
  assert.match(headers.get("content-security-policy")!, /report-to csp$/);
  // A public origin says it as well; the word of a stranger does not.
  const { PUBLIC_ORIGINS } = variables;
  const hsts = async (url: string, env: Variables) =>
    (await ask(new Request(url, request), { variables: env })).headers
      .get("strict-transport-security");
  assert.ok(await hsts("http://fleet.example/", { PUBLIC_ORIGINS }));
  assert.equal(await hsts("http://localhost/", { PUBLIC_ORIGINS }), null);
});

const PROXIES = createTrustedProxies(["10.0.0.0/8", "127.0.0.1", "fd00::/8"]);

function addressOf(peer: string, forwarded: string | null): string {
  const headers = forwarded === null
    ? undefined
    : { "x-forwarded-for": forwarded };
  const request = new Request("http://localhost/", headers && { headers });
  return readConnection(request, { peer, proxies: PROXIES }).address;
}

Deno.test("readConnection believes trusted proxies from the right, and nobody else", () => {
  const cases: readonly [peer: string, forwarded: string | null, is: string][] =
    [
      ["198.51.100.7", "203.0.113.9", "198.51.100.7"],
      ["127.0.0.1", null, "127.0.0.1"],
      ["127.0.0.1", "203.0.113.9", "203.0.113.9"],
      ["127.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"],
      ["127.0.0.1", "203.0.113.9, 10.1.2.3", "203.0.113.9"],
      ["127.0.0.1", "10.9.9.9, 10.1.2.3", "10.9.9.9"],
      ["127.0.0.1", "203.0.113.9:4711", "203.0.113.9"],
      ["fd12::1", "[2001:db8::5]:443", "2001:db8::5"],
      ["127.0.0.1", "203.0.113.9, unknown", "127.0.0.1"],
      ["127.0.0.1", "203.0.113.9, unknown, 10.1.2.3", "10.1.2.3"],
      ["::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"],
    ];
  for (const [peer, forwarded, expected] of cases) {
    assert.equal(addressOf(peer, forwarded), expected, `${peer} ${forwarded}`);
  }
});

Deno.test("readConnection: what a client writes left of its own address changes nothing", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string())),
      (spoofed) => {
        const safe = spoofed.map((text) =>
          text.replaceAll(/[^\x21-\x7e]/g, "")
        );
        const forwarded = [...safe, "203.0.113.9", "10.1.2.3"].join(",");
        assert.equal(addressOf("127.0.0.1", forwarded), "203.0.113.9");
        assert.equal(addressOf("198.51.100.7", forwarded), "198.51.100.7");
      },
    ),
  );
});

Deno.test("front door lets pages reach WEBSOCKET_URL and no other place, and answers by its name", async () => {
  const variables = {
    PUBLIC_ORIGINS: "https://fleet.example",
    WEBSOCKET_URL: "wss://live.example/live",
  };
  const connectsTo = async (url: string, own: Variables) =>
    /connect-src ([^;]*)/.exec(
      (await ask(new Request(url), { variables: own })).headers
        .get("content-security-policy")!,
    )?.[1];
  const places = "'self' wss://live.example/live";
  assert.equal(await connectsTo("http://fleet.example/", variables), places);
  assert.equal(await connectsTo("http://localhost/", variables), places);
  assert.equal(await connectsTo("http://localhost/", {}), "'self'");
  assert.equal(
    await connectsTo("http://fleet.example/api/x", variables),
    undefined,
  );
  const { status } = await ask(new Request("http://live.example/live"), {
    variables,
  });
  assert.equal(status, 200);
});

Deno.test("createHostCheck lets no name with a foreign end in", () => {
  const isOurs = createHostCheck({
    listenAddress: "127.0.0.1",
    publicOrigins: ["https://fleet.example"],
  });
  fc.assert(
    fc.property(fc.domain(), (name) => {
      assert.equal(isOurs(name), false);
      assert.equal(isOurs(`fleet.example.${name}`), false);
      assert.equal(isOurs(`localhost.${name}`), false);
      assert.equal(isOurs(`127.0.0.1.${name}`), false);
    }),
  );
});

Deno.test("front door lets few requests of one address be answered at once", async () => {
  const { door } = doorOf();
  const gate = Promise.withResolvers<Response>();
  const open = (peer: string) =>
    door(new Request("http://localhost/"), { peer, next: () => gate.promise });
  const waiting = Array.from(
    { length: MAX_UNDERWAY_PER_ADDRESS },
    () => open("192.0.2.1"),
  );
  assert.equal((await open("192.0.2.1")).status, 429);
  const other = open("192.0.2.2");
  gate.resolve(new Response("done"));
  assert.equal((await other).status, 200);
  assert.equal((await waiting[0]!).status, 200);
  assert.equal((await open("192.0.2.1")).status, 200);
});

/** Sends bytes to a real server whose handler reads the body; answers with what came back. */
async function overSocket(bytes: readonly string[]): Promise<string> {
  const { door } = doorOf();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, { remoteAddr }) =>
      door(request, {
        peer: remoteAddr.hostname,
        next: async (admitted) => new Response(await admitted.text()),
      }),
  );
  using connection = await Deno.connect({
    hostname: "127.0.0.1",
    port: server.addr.port,
  });
  for (const text of bytes) {
    // deno-lint-ignore no-await-in-loop -- in their order
    await connection.write(new TextEncoder().encode(text));
  }
  const buffer = new Uint8Array(4_096);
  const count = await connection.read(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, count));
}

Deno.test("front door over a real socket: a foreign, a malformed and a contradicting Host are refused", async () => {
  const ask = (head: string) => overSocket([`GET ${head}\r\n\r\n`]);
  assert.match(await ask("/ HTTP/1.1\r\nHost: localhost"), /^HTTP\/1.1 200/);
  assert.match(await ask("/ HTTP/1.1\r\nHost: evil.example"), /^HTTP\/1.1 421/);
  const malformed = await ask("/ HTTP/1.1\r\nHost: a b");
  assert.match(malformed, /^HTTP\/1.1 400/);
  assert.match(malformed, /content-security-policy: default-src 'none'/i);
  assert.match(
    await ask("http://localhost/ HTTP/1.1\r\nHost: evil.example"),
    /^HTTP\/1.1 4(00|21)/,
  );
});

Deno.test("front door over a real socket: a body that is too large is refused, whatever its length says", async () => {
  const size = MAX_BODY_BYTES + 1;
  const head = "POST / HTTP/1.1\r\nHost: localhost\r\n";
  assert.match(
    await overSocket([`${head}Content-Length: ${size}\r\n\r\n`, "x"]),
    /^HTTP\/1.1 413/,
  );
  const chunk = `${size.toString(16)}\r\n${"x".repeat(size)}\r\n`;
  assert.match(
    await overSocket([`${head}Transfer-Encoding: chunked\r\n\r\n`, chunk]),
    /^HTTP\/1.1 413/,
  );
});
