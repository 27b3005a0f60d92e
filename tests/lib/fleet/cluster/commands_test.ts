/** Commands through a control process to agents whose host goes away, is there again, or has just come. */
import assert from "node:assert/strict";
import { SYSTEM_ACTOR } from "../../../../lib/contracts/audit.ts";
import type { ControlAction } from "../../../../lib/contracts/agent.ts";
import type { AppError } from "../../../../lib/core/errors.ts";
import { CALLER } from "../world.ts";
import { type FleetProcess, withFleets } from "./fleets.ts";

function command({ fleet }: FleetProcess, id: string, action: ControlAction) {
  return fleet.control(
    id,
    { action, reason: "", positions: "keep" },
    CALLER,
  );
}

Deno.test("a command to a host that is cut off is stored once its session has ended, carried out where the agent goes on, and never by the host that was cut off", () =>
  withFleets(async ({ start, spawn, settled, until }) => {
    const control = await start("control", "control");
    const hosts = [await start("a", "host"), await start("b", "host")];
    const agent = await spawn(control, "one");
    const cut = hosts.find(({ id }) => id === agent.host)!;
    const other = hosts.find((host) => host !== cut)!;
    cut.isCut = true;
    const paused = await settled(command(control, agent.id, "pause"));
    assert.equal(paused.status, "fulfilled", String(paused));
    await until(
      () => other.fleet.get(agent.id).observed === "paused",
      "it is paused where it goes on",
    );
    await until(
      () => control.fleet.get(agent.id).host === other.id,
      "the control sees it there",
    );
    const { commandId } = (await control.store.agents.get(agent.id))!;
    cut.isCut = false;
    await until(() => cut.isFenced, "the store refuses it");
    const after = (await control.store.agents.get(agent.id))!;
    assert.equal(after.commandId, commandId);
    assert.equal(after.desired, "paused");
  }));

Deno.test("what another process has stored of an agent is found by its owner without being told", () =>
  withFleets(async ({ start, spawn, settled, until }) => {
    const control = await start("control", "control");
    const host = await start("a", "host");
    const { id } = await spawn(control, "one");
    const record = (await control.store.agents.get(id))!;
    const saved = await settled(control.store.agents.save(
      { ...record, desired: "paused", commandId: "cmd_other" },
      {
        expected: record,
        audit: {
          at: 0,
          actor: SYSTEM_ACTOR,
          via: "",
          action: "agent.pause",
          target: id,
          outcome: "ok",
          reason: "",
          detail: {},
        },
      },
    ));
    assert.deepEqual(saved, { status: "fulfilled", value: true });
    await until(() => host.fleet.get(id).observed === "paused", "it pauses");
  }));

Deno.test("spawn goes to a host that came after the last look, and is refused where there is none", () =>
  withFleets(async ({ start, spawn, settled }) => {
    const control = await start("control", "control");
    const refused = await settled(spawn(control, "none"));
    assert.equal(refused.status, "rejected");
    assert.equal((refused.reason as AppError).code, "HOST_UNREACHABLE");
    const host = await start("a", "host");
    assert.equal((await spawn(control, "one")).host, host.id);
  }));

Deno.test("what a host owns of an agent that is not stored is given back", () =>
  withFleets(async ({ start, settled, until }) => {
    const { store } = await start("a", "host");
    const [known] = await store.hosts.list();
    const taken = await settled(store.hosts.claim({
      owner: {
        agentId: "agt_gone",
        hostId: "a",
        session: known!.record.session,
        epoch: 1,
        from: null,
        at: 0,
      },
      before: null,
      leader: null,
      isNew: true,
    }));
    assert.equal(taken.status, "fulfilled");
    await until(
      async () => (await store.hosts.owners()).length === 0,
      "nobody owns it",
    );
  }));
