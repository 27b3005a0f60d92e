import assert from "node:assert/strict";
import fc from "fast-check";
import {
  isLoopback,
  refusalOfAddress,
} from "../../../lib/alerts/delivery/address.ts";
import { targetOf } from "../../../lib/alerts/delivery/target.ts";

const REFUSED = [
  ["0.0.0.0", /this network/],
  ["10.0.0.1", /private/],
  ["100.64.0.1", /carrier/],
  ["127.0.0.1", /this machine/],
  ["127.255.255.254", /this machine/],
  ["169.254.169.254", /metadata/],
  ["172.16.0.1", /private/],
  ["172.31.255.255", /private/],
  ["192.168.1.1", /private/],
  ["192.0.2.7", /documentation/],
  ["198.19.0.1", /benchmarks/],
  ["224.0.0.1", /multicast/],
  ["255.255.255.255", /reserved/],
  ["::", /this network/],
  ["::1", /this machine/],
  ["0:0:0:0:0:0:0:1", /this machine/],
  ["::ffff:127.0.0.1", /this machine/],
  ["::ffff:7f00:1", /this machine/],
  ["::ffff:169.254.169.254", /metadata/],
  ["::127.0.0.1", /old form/],
  ["64:ff9b::10.0.0.1", /private/],
  ["64:ff9b:1::1", /reserved/],
  ["fe80::1%eth0", /link-local/],
  ["fec0::1", /site-local/],
  ["fc00::1", /private/],
  ["fd00:ec2::254", /private/],
  ["ff02::1", /multicast/],
  ["2001:db8::1", /documentation/],
  ["2002:7f00:1::", /tunnel/],
  ["2001::1", /reserved/],
  ["3fff::1", /documentation/],
  ["5f00::1", /reserved/],
  ["0x7f000001", /no address/],
  ["2130706433", /no address/],
  ["127.1", /no address/],
  ["0177.0.0.1", /no address/],
  ["localhost", /no address/],
  ["1.2.3.4.5", /no address/],
  [":::", /no address/],
  ["1::2::3", /no address/],
] as const;

Deno.test("refusalOfAddress() refuses what is not of the public internet, in every form", () => {
  for (const [address, why] of REFUSED) {
    assert.match(refusalOfAddress(address) ?? "public", why, address);
  }
});

Deno.test("refusalOfAddress() lets public addresses pass", () => {
  for (
    const address of [
      "1.1.1.1",
      "8.8.8.8",
      "172.15.255.255",
      "172.32.0.0",
      "100.63.255.255",
      "100.128.0.0",
      "223.255.255.255",
      "2606:4700::1111",
      "2a00:1450:4001::200e",
      "::ffff:8.8.8.8",
      "64:ff9b::8.8.8.8",
    ]
  ) assert.equal(refusalOfAddress(address), null, address);
});

Deno.test("refusalOfAddress() says the same of an IPv4 address and of its IPv6 forms", () => {
  fc.assert(fc.property(fc.ipV4(), (address) => {
    const [a, b, c, d] = address.split(".").map(Number);
    const hex = [a! * 256 + b!, c! * 256 + d!]
      .map((part) => part.toString(16)).join(":");
    const plain = refusalOfAddress(address);
    for (
      const form of [`::ffff:${address}`, `::FFFF:${hex}`, `64:ff9b::${hex}`]
    ) {
      assert.equal(refusalOfAddress(form), plain, form);
    }
  }));
});

Deno.test("isLoopback() is true of this machine's addresses alone", () => {
  assert.equal(isLoopback("127.8.8.8"), true);
  assert.equal(isLoopback("[::1]"), true);
  assert.equal(isLoopback("10.0.0.1"), false);
  assert.equal(isLoopback("8.8.8.8"), false);
});

Deno.test("targetOf() takes listed hosts by https, and this machine by http where it is listed", () => {
  const hosts = ["hooks.example.com:443", "127.0.0.1:4000", "[::1]:4000"];
  const hook = targetOf("https://hooks.example.com/a?b=c", hosts);
  assert.ok(typeof hook === "object" && hook.isEncrypted);
  assert.equal(hook.path, "/a?b=c");
  assert.equal(hook.isLoopbackAllowed, false);
  const own = targetOf("http://127.0.0.1:4000/", hosts);
  assert.ok(typeof own === "object" && own.isLoopbackAllowed);
  // However this machine is written: the URL parser makes one form of it.
  assert.equal(typeof targetOf("http://0x7f000001:4000/", hosts), "object");
  assert.equal(typeof targetOf("http://[::1]:4000/", hosts), "object");
  for (
    const [address, why] of [
      ["http://hooks.example.com/", /ALERT_HOSTS/],
      ["https://hooks.example.com:8443/", /ALERT_HOSTS/],
      ["https://other.example.com/", /ALERT_HOSTS/],
      ["https://127.0.0.1:4001/", /ALERT_HOSTS/],
      ["https://hooks.example.com@evil.example/", /left? ?out|leave them out/],
      ["ftp://hooks.example.com/", /no address/],
      ["file:///etc/passwd", /no address/],
      ["nothing", /no address/],
    ] as const
  ) {
    const refusal = targetOf(address, hosts);
    assert.match(String(refusal), why, address);
  }
  const plain = targetOf("http://plain.example:80/", ["plain.example:80"]);
  assert.match(String(plain), /encrypted only/);
});
