import assert from "node:assert/strict";
import { addressKey } from "../../../lib/core/address_key.ts";

Deno.test("addressKey counts an IPv6 /64 as one client", () => {
  assert.equal(addressKey("192.0.2.1"), "192.0.2.1");
  assert.equal(addressKey("::ffff:192.0.2.1"), "192.0.2.1");
  const key = addressKey("2001:db8:0:1::5");
  assert.equal(key, addressKey("2001:DB8:0:1:ffff:2:3:4"));
  assert.equal(key, addressKey("[2001:0db8::1:0:0:0:9]"));
  assert.notEqual(key, addressKey("2001:db8:0:2::5"));
  assert.equal(addressKey("::1"), addressKey("::2"));
});
