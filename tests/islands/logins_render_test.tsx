import assert from "node:assert/strict";
import { render } from "preact-render-to-string";
import SessionList from "../../islands/SessionList.tsx";
import TokenDesk from "../../islands/TokenDesk.tsx";
import type { ApiTokenView } from "../../lib/contracts/api_token.ts";
import type { SessionView } from "../../lib/contracts/auth.ts";
import { programName } from "../../lib/ui/settings/program_name.ts";

const AT = "2026-09-01T10:00:00.000Z";

function session(given: Partial<SessionView> = {}): SessionView {
  return {
    id: "ses_1",
    kind: "panel",
    createdAt: AT,
    lastSeenAt: AT,
    expiresAt: AT,
    address: "192.0.2.1",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0",
    isThis: true,
    ...given,
  };
}

function token(given: Partial<ApiTokenView> = {}): ApiTokenView {
  return {
    id: "tok_1",
    name: "nightly <report>",
    scopes: ["agents.read", "logs.read"],
    createdAt: AT,
    expiresAt: AT,
    lastUsedAt: null,
    state: "active",
    ...given,
  };
}

Deno.test("SessionList marks this login and offers to end the others only", () => {
  const one = render(<SessionList sessions={[session()]} />);
  assert.match(one, /This one/);
  assert.doesNotMatch(one, /data-testid="session-end"/);
  assert.match(one, /This is your only login/);
  const two = render(
    <SessionList
      sessions={[
        session(),
        session({
          id: "ses_2",
          kind: "program",
          userAgent: "smc-fleet-cli/1",
          isThis: false,
        }),
      ]}
    />,
  );
  assert.equal(two.match(/data-testid="session-end"/g)!.length, 1);
  assert.match(two, /Command line/);
  assert.match(two, /Firefox on Linux/);
  assert.doesNotMatch(two, /\sstyle=/);
});

Deno.test("TokenDesk lists tokens with their state, and offers only what the role may do", () => {
  const html = render(
    <TokenDesk
      tokens={[token(), token({ id: "tok_2", state: "ended", lastUsedAt: AT })]}
      scopes={["agents.read"]}
    />,
  );
  assert.match(html, /nightly &lt;report/);
  assert.match(html, /Works/);
  assert.match(html, /Ended/);
  assert.match(html, /data-testid="scope-agents.read"/);
  assert.doesNotMatch(html, /data-testid="scope-agents.stop"/);
  assert.doesNotMatch(html, /data-testid="token-text"/);
  const none = render(<TokenDesk tokens={[]} scopes={[]} />);
  assert.match(none, /You have no API token/);
});

Deno.test("programName names browsers and systems, and cuts what it does not know", () => {
  assert.equal(programName(""), "Unknown program");
  assert.equal(programName(`bot ${"x".repeat(99)}`).length, 40);
  assert.equal(
    programName("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"),
    "Chrome on Windows",
  );
  const linux = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36";
  assert.equal(
    programName(`${linux} HeadlessChrome/140.0.0.0 Safari/537.36`),
    "Chrome on Linux",
  );
  const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)";
  for (
    const [said, name] of [
      ["Version/18.0 Mobile/15E148 Safari/604.1", "Safari"],
      ["CriOS/140.0 Mobile/15E148 Safari/604.1", "Chrome"],
      ["FxiOS/140.0 Mobile/15E148 Safari/605.1", "Firefox"],
      ["EdgiOS/140.0 Mobile/15E148 Safari/605.1", "Edge"],
    ]
  ) {
    assert.equal(programName(`${phone} ${said}`), `${name} on iOS`);
  }
});
