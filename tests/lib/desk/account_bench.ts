import { DeskAccount } from "../../../lib/desk/account/account.ts";
import { decodeJournal } from "../../../lib/desk/journal/journal.ts";
import { Journal } from "../../../lib/desk/journal/journal_file.ts";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import {
  accountConfig,
  candle,
  randomMarket,
  ScriptedAgent,
  submit,
} from "./support.ts";
import { MemoryStorage } from "./memory_storage.ts";

const CANDLES = randomMarket(1, 100_000);
/** Goes up and down around one price, so that a position stays open. */
const CALM = Array.from(
  { length: 100_000 },
  (_, seq) => candle(seq, { close: 1000 + seq % 7 - seq % 3 }),
);
const CONFIG = accountConfig({ risk: { leverage: 1 } });

/** All candles through an account, whose agent decides nothing. */
function runIdle(account: DeskAccount): void {
  for (const bar of CALM) {
    if (bar.seq > account.seq) account.step(bar);
    account.decide({ type: "decided", seq: bar.seq, actions: [] });
  }
}

function openInPosition(): DeskAccount {
  const account = DeskAccount.open({ config: CONFIG });
  account.step(CALM[0]!);
  account.decide(submit(0, { stopPrice: 500, targetPrice: 2000 }));
  return account;
}

Deno.bench("DeskAccount: 100,000 candles without orders", () => {
  runIdle(DeskAccount.open({ config: CONFIG }));
});

Deno.bench("DeskAccount: 100,000 candles in a position", () => {
  runIdle(openInPosition());
});

Deno.bench("DeskAccount: 10,000 candles of a busy agent", () => {
  const account = DeskAccount.open({
    config: accountConfig({ risk: { maxDrawdownPct: 50 } }),
  });
  const agent = new ScriptedAgent(1);
  for (const bar of CANDLES.slice(0, 10_000)) {
    const actions = agent.decide(bar, account.step(bar));
    account.decide({ type: "decided", seq: bar.seq, actions });
  }
});

Deno.bench(
  "decodeJournal() and DeskAccount.recover(): 2,000 candles of a busy agent",
  (bench) => {
    const storage = new MemoryStorage();
    const { journal } = Journal.open({
      path: "x",
      clock: createSimulatedClock(),
      storage,
    });
    const account = DeskAccount.open({
      config: accountConfig(),
      sink: journal,
    });
    const agent = new ScriptedAgent(1);
    for (const bar of CANDLES.slice(0, 2_000)) {
      const actions = agent.decide(bar, account.step(bar));
      account.decide({ type: "decided", seq: bar.seq, actions });
    }
    bench.start();
    DeskAccount.recover(decodeJournal(storage.bytes, "x").entries, journal);
    bench.end();
  },
);
