import assert from "node:assert/strict";
import { COMMANDS } from "../../../lib/cli/mod.ts";
import { account } from "../ui/fixtures.ts";
import { createMachine } from "./machine.ts";

Deno.test("help lists every command, and every command has --help", async () => {
  await using machine = createMachine();
  const { out, exitCode } = await machine.run("help");
  assert.equal(exitCode, 0);
  for (const { name, summary } of COMMANDS) {
    assert.ok(out.includes(name) && out.includes(summary));
    const help = await machine.run(name, "--help");
    assert.equal(help.exitCode, 0);
    assert.match(help.out, new RegExp(`^Usage: deno task agent ${name}`));
    assert.equal((await machine.run("help", name)).out, help.out);
    assert.equal((await machine.run(name, "-h")).out, help.out);
  }
  assert.equal((await machine.run("--help")).exitCode, 0);
  const bare = await machine.run();
  assert.equal(bare.exitCode, 2);
  assert.equal(bare.out, "");
  assert.match(bare.err, /^Usage/);
});

Deno.test("runCli suggests the nearest command and option", async () => {
  await using machine = createMachine();
  const command = await machine.run("spwan");
  assert.equal(command.exitCode, 2);
  assert.match(command.err, /no command "spwan"\. Did you mean "spawn"\?/);
  const option = await machine.run("list", "--stat", "running");
  assert.equal(option.exitCode, 2);
  assert.match(option.err, /no option --stat\. Did you mean "--state"\?/);
  const strange = await machine.run("xyzzy");
  assert.doesNotMatch(strange.err, /Did you mean/);
});

Deno.test("list writes tab-separated lines in a pipe, an aligned table on a terminal, JSON on demand", async () => {
  await using machine = createMachine();
  machine.world.fleet.add({ name: "alpha", observed: "paused" });
  machine.world.clock.now++;
  machine.world.fleet.add({ name: "a much longer name" });
  const piped = await machine.run("list");
  const rows = piped.out.trimEnd().split("\n").map((row) => row.split("\t"));
  assert.deepEqual(rows.map((row) => row.length), [11, 11, 11]);
  assert.deepEqual(rows.map((row) => row[1]), [
    "NAME",
    "a much longer name",
    "alpha",
  ]);
  assert.equal(rows[1]![6], "—", "unknown is never zero");

  machine.io.isTerminal = true;
  machine.env["NO_COLOR"] = "1";
  const table = (await machine.run("list")).out.trimEnd().split("\n");
  const places = table.map((line) => line.indexOf("agt_"));
  assert.equal(places[1], places[2]);
  assert.equal(table[0]!.indexOf("ID"), places[1]);
  assert.ok(!table.join("").includes("\x1b"));
  delete machine.env["NO_COLOR"];
  assert.ok(
    (await machine.run("list")).out.includes("\x1b[32mrunning\x1b[0m"),
  );

  const json = JSON.parse((await machine.run("list", "--json")).out);
  assert.deepEqual(
    json.map((agent: { name: string }) => agent.name),
    ["a much longer name", "alpha"],
  );
  const some = await machine.run("list", "--state", "paused", "--json");
  assert.equal(JSON.parse(some.out).length, 1);
});

Deno.test("list says how to begin when there is nothing, on stderr only", async () => {
  await using machine = createMachine();
  const empty = await machine.run("list");
  assert.deepEqual([empty.exitCode, empty.out], [0, ""]);
  assert.match(empty.err, /Spawn one: deno task agent spawn/);
  assert.match(
    (await machine.run("list", "--mode", "live")).err,
    /No agent matches/,
  );
  assert.equal((await machine.run("list", "--json")).out, "[]\n");
});

Deno.test("show and performance find an agent by id and by name", async () => {
  await using machine = createMachine();
  const { id } = machine.world.fleet.add({ name: "Alpha One" });
  for (const address of [id, "alpha one"]) {
    const shown = await machine.run("show", address);
    assert.equal(shown.exitCode, 0);
    assert.match(shown.out, new RegExp(`^id\t${id}$`, "m"));
  }
  const performance = await machine.run("performance", "Alpha One");
  assert.match(performance.out, /^net P&L\t12\.50$/m);
  assert.match(performance.out, /^profit factor\t—$/m);
  const json = await machine.run("performance", id, "--json");
  assert.equal(JSON.parse(json.out).trades, 2);
});

Deno.test("resources shows estimate, windows and ratio in one table, and unknown as a dash", async () => {
  await using machine = createMachine();
  const { id } = machine.world.fleet.add({ name: "Alpha One" });
  const shown = await machine.run("resources", "alpha one");
  assert.equal(shown.exitCode, 0);
  assert.match(
    shown.out,
    /^RESOURCE\tUNIT\tESTIMATE\tLAST MINUTE\tLAST HOUR\tRATIO$/m,
  );
  assert.match(shown.out, /^CPU\tcores\t0\.1000\t—\t—\t—$/m);
  assert.match(shown.err, /Nothing is measured since the server started/);
  const json = await machine.run("resources", id, "--json");
  assert.equal(JSON.parse(json.out).measured.lastHour.cores, null);
  assert.equal((await machine.run("resources", "nobody")).exitCode, 3);
});

Deno.test("show tells where a live agent's orders stand and whether its position has a stop", async () => {
  await using machine = createMachine();
  machine.world.fleet.add({
    name: "live",
    mode: "live",
    simulated: false,
    livePrices: true,
    account: account({
      tradingState: "reducing",
      tradingStateReason: "An order is without an answer",
      position: {
        direction: "long",
        quantity: "2",
        entryPrice: "100",
        entryAt: 0,
        markPrice: null,
        unrealizedPnl: null,
        stopPrice: "90",
        targetPrice: null,
        strategy: "orderBlock",
        isProtected: false,
      },
      openOrders: [{
        orderId: "o1",
        intentId: "1.0",
        role: "entry",
        side: "buy",
        type: "limit",
        price: "100",
        quantity: "3",
        reduceOnly: false,
        placedSeq: 1,
        expireAfterSeq: null,
        phase: "unknown",
        filled: "2",
        cancelReason: null,
      }],
    }),
  });
  const { out } = await machine.run("show", "live");
  assert.match(out, /^mode\tLIVE, real money$/m);
  assert.match(out, /^trading reason\tAn order is without an answer$/m);
  assert.match(out, /^position\tlong 2 at 100, NO stop at the exchange$/m);
  assert.match(
    out,
    /^order\tentry buy 3 at 100: unknown, outcome not known.*, 2 filled$/m,
  );
});

Deno.test("an unknown name is 3 with a suggestion, an ambiguous one is 4 with the ids", async () => {
  await using machine = createMachine();
  machine.world.fleet.add({ name: "alpha" });
  const unknown = await machine.run("show", "alhpa");
  assert.equal(unknown.exitCode, 3);
  assert.match(unknown.err, /Did you mean "alpha"\?/);
  machine.world.clock.now++;
  const twin = machine.world.fleet.add({ name: "alpha" });
  const ambiguous = await machine.run("show", "alpha");
  assert.equal(ambiguous.exitCode, 4);
  assert.ok(ambiguous.err.includes(twin.id));
});

Deno.test("templates lists what can be spawned", async () => {
  await using machine = createMachine();
  const { out } = await machine.run("templates");
  assert.match(
    out,
    /^smc-order-block\tbuilt-in\tpattern_detector\tBTC\/USDT 15m/m,
  );
});

Deno.test("text from the server cannot steer the terminal", async () => {
  await using machine = createMachine();
  machine.io.isTerminal = true;
  machine.env["NO_COLOR"] = "1";
  machine.world.fleet.add({ name: "a\x1b[2Jb\u202ec", lastError: "x\ny" });
  const { out } = await machine.run("list");
  assert.ok(!out.includes("\x1b") && !out.includes("\u202e"));
});
