import { equal, match, ok } from "node:assert/strict";
import { render } from "preact-render-to-string";
import { hostsResponse, type HostView } from "../../lib/contracts/host.ts";
import type { HostFormProps } from "../../lib/ui/settings/HostForm.tsx";
import { HostsPanel } from "../../lib/ui/settings/HostsPanel.tsx";
import { AgentProblems } from "../../lib/ui/agent/AgentProblems.tsx";
import { HOST } from "../lib/api/samples.ts";
import { agent } from "../lib/ui/fixtures.ts";

function panel(
  hosts: readonly HostView[],
  { isShared = true, mayManage = true, form = null }: {
    isShared?: boolean;
    mayManage?: boolean;
    form?: HostFormProps | null;
  } = {},
): string {
  return render(
    <HostsPanel
      hosts={hostsResponse({ isShared, hosts, version: HOST.version })}
      now={Date.parse(HOST.lastSeenAt)}
      mayManage={mayManage}
      form={form}
    />,
  );
}

Deno.test("HostsPanel says in one line that there is one process", () => {
  const html = panel([], { isShared: false });
  ok(html.includes("has its store for itself"));
  ok(!html.includes("<table"));
});

Deno.test("HostsPanel offers to drain what is up and to forget what is gone, to who may", () => {
  const gone: HostView = { ...HOST, id: "host-2", state: "gone" };
  const draining: HostView = { ...HOST, id: "host-3", state: "draining" };
  const html = panel([HOST, gone, draining]);
  match(html, /href="[^"]*action=drain&amp;host=host-1#host-form"/);
  match(html, /href="[^"]*action=forget&amp;host=host-2#host-form"/);
  ok(html.includes("Gives away"));
  for (const word of ["Up", "Gone", "Draining"]) ok(html.includes(word));
  ok(!panel([HOST], { mayManage: false }).includes("action=drain"));
});

Deno.test("HostForm asks for the name and a proof, shows what was refused, and is a plain form", () => {
  const form: HostFormProps = {
    action: "forget",
    id: "host-2",
    errors: { confirm: "Type the name of the host" },
    proof: {
      typed: "password",
      hasPasskey: false,
      isFresh: false,
      passkeyButton: () => <button type="button">key</button>,
    },
  };
  const html = panel([HOST], { form });
  match(html, /<form[^>]*method="post"[^>]*action="\/settings\/system"/);
  match(html, /name="confirm"/);
  match(html, /type="password"/);
  ok(html.includes("Type the name of the host"));
  const drain = panel([HOST], { form: { ...form, action: "drain" } });
  equal(/name="confirm"/.test(drain), false);
});

Deno.test("AgentProblems says why no host has an agent", () => {
  const hostProblem = "No host that takes agents is up: start one";
  const html = render(
    <AgentProblems agent={{ ...agent(), hostProblem }} />,
  );
  match(html, /data-testid="host-problem"/);
  ok(html.includes(hostProblem));
});
