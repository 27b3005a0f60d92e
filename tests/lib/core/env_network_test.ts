import assert from "node:assert/strict";
import { EnvError, parseEnv } from "../../../lib/core/env.ts";

function read(name: "PUBLIC_ORIGINS" | "TRUSTED_PROXIES", text: string) {
  return parseEnv((asked) => asked === name ? text : undefined)[name];
}

function faultOf(name: "PUBLIC_ORIGINS" | "TRUSTED_PROXIES", text: string) {
  try {
    read(name, text);
    return null;
  } catch (error) {
    assert.ok(error instanceof EnvError);
    return error.faults.join("\n");
  }
}

Deno.test("PUBLIC_ORIGINS takes origins with commas between, and nothing else", () => {
  assert.deepEqual(read("PUBLIC_ORIGINS", ""), []);
  assert.deepEqual(
    read("PUBLIC_ORIGINS", "https://fleet.example, http://nas.local:3001"),
    ["https://fleet.example", "http://nas.local:3001"],
  );
  const wrong = [
    "fleet.example",
    "https://fleet.example/",
    "https://fleet.example/panel",
    "https://Fleet.example",
    "https://fleet.example:443",
    "https://me@fleet.example",
    "ftp://fleet.example",
    "*",
    "https://fleet.example,,http://x.example",
  ];
  for (const text of wrong) {
    assert.match(
      faultOf("PUBLIC_ORIGINS", text) ?? "none",
      /PUBLIC_ORIGINS must be origins with commas.*for example/,
      text,
    );
  }
});

Deno.test("TRUSTED_PROXIES takes addresses and blocks, and never everybody", () => {
  assert.deepEqual(
    read("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,fd00::/8,::1"),
    ["127.0.0.1", "10.0.0.0/8", "fd00::/8", "::1"],
  );
  const wrong = [
    "proxy.local",
    "10.0.0.0/33",
    "10.0.0.0/",
    "0.0.0.0/0",
    "::/0",
    "fd00::/129",
    "10.0.0.1/8/8",
    "10.0.0",
    "*",
  ];
  for (const text of wrong) {
    assert.match(
      faultOf("TRUSTED_PROXIES", text) ?? "none",
      /TRUSTED_PROXIES must be addresses or CIDR blocks.*for example/,
      text,
    );
  }
});
