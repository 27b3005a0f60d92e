/**
 * A host with a real account that journals into a real folder, the real store
 * over a real KV, and the mirror between them.
 */
import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../../../actors/simulated_clock.ts";
import { DeskAccount } from "../../../../../lib/desk/account/account.ts";
import { decodeJournal } from "../../../../../lib/desk/journal/journal.ts";
import { Journal } from "../../../../../lib/desk/journal/journal_file.ts";
import { openJournalFile } from "../../../../../lib/desk/journal/storage.ts";
import { JournalMirror } from "../../../../../lib/fleet/cluster/mirror/journal_mirror.ts";
import { createJournalFiles } from "../../../../../lib/server/journal_files.ts";
import type { KvConnection } from "../../../../../lib/store/kv/connection.ts";
import { createStore } from "../../../../../lib/store/open_store.ts";
import type { JournalFile } from "../../../../../lib/store/mirror_port.ts";
import {
  accountConfig,
  randomMarket,
  ScriptedAgent,
} from "../../../desk/support.ts";
import { systemTime } from "../../../store/support.ts";

/** The one agent of these tests. */
export const AGENT = "agt_1";
const JOURNAL = `${AGENT}.journal`;
const CANDLES_MAX = 8_000;

/** How an account of a test is run. */
export interface HostAccountOptions {
  folder: string;
  seed: number;
  segmentBytes?: number;
}

/** An account with a scripted agent, which can crash and be opened again. */
export class HostAccount {
  /** Content of every segment by number, also of those that were dropped. */
  readonly history = new Map<number, Uint8Array>();
  readonly #options: HostAccountOptions;
  readonly #market;
  readonly #agent;
  #storage!: ReturnType<typeof openJournalFile>;
  journal!: Journal;
  account!: DeskAccount;

  constructor(options: HostAccountOptions) {
    this.#options = options;
    this.#market = randomMarket(options.seed, CANDLES_MAX);
    this.#agent = new ScriptedAgent(options.seed);
    this.#open();
  }

  get path(): string {
    return `${this.#options.folder}/${JOURNAL}`;
  }

  /** One candle. */
  step(): void {
    const { account } = this;
    const bar = this.#market[account.seq + 1]!;
    const actions = this.#agent.decide(bar, account.step(bar));
    account.decide({ type: "decided", seq: bar.seq, actions });
    account.drainReport();
  }

  /** Everything is on the disk, and a new segment has begun where one was due. */
  async sync(): Promise<void> {
    await this.journal.synced();
  }

  /** Removes the oldest segment that has ended. */
  drop(): void {
    this.#remember();
    this.journal.endedSegments()[0]?.remove();
  }

  /** The desk's worker dies, leaving so many bytes of a record; a negative number is what a power cut takes. */
  crash(torn: number): void {
    this.journal.abandon();
    const bytes = Deno.readFileSync(this.path);
    if (torn >= 0) {
      Deno.writeFileSync(this.path, bytes.slice(0, torn), { append: true });
      return;
    }
    // The first line was synced before the segment began.
    const first = bytes.indexOf(0x0a) + 1;
    Deno.truncateSync(this.path, Math.max(first, bytes.length + torn));
  }

  /** The next worker opens the account. */
  reopen(): void {
    this.#open();
    this.account.skipDecisions(this.account.seq);
  }

  close(): void {
    this.journal.abandon();
  }

  #open(): void {
    this.#storage = openJournalFile(this.path);
    const { journal, content } = Journal.open({
      path: this.path,
      clock: createSimulatedClock(),
      storage: this.#storage,
      segmentBytes: this.#options.segmentBytes ?? 3_000,
      onSegmentDue: () => {
        if (this.account.seq < 0) return;
        this.#remember();
        const segment = this.journal.segment + 1;
        this.journal.startSegment(
          this.account.toSegmentStart({ segment, newestEpoch: 0 }),
        );
        this.#remember();
      },
    });
    this.journal = journal;
    this.account = content.entries.length > 0
      ? DeskAccount.recover(content.entries, journal)
      : DeskAccount.open({ config: accountConfig(), sink: journal });
  }

  #remember(): void {
    for (const segment of this.#storage.endedSegments()) {
      this.history.set(segment.number, segment.read());
    }
  }

  /** All segments that ever were and the newest one as it is now. */
  contents(): Map<number, Uint8Array> {
    this.#remember();
    const { segment } = this.journal;
    return new Map([...this.history, [segment, this.#storage.read()]]);
  }
}

/** The files of a journal in a folder by name. */
export async function filesIn(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { name } of await Array.fromAsync(Deno.readDir(folder))) {
    if (!/^agt_1\.journal(\.\d+-\d+)?$/.test(name)) continue;
    files.set(name, await Deno.readTextFile(`${folder}/${name}`));
  }
  return new Map([...files].sort());
}

/** The same of files that were loaded. */
export function filesOf(
  loaded: readonly JournalFile[] | null,
): Map<string, string> {
  const decoder = new TextDecoder();
  const files = (loaded ?? []).map(({ segment, bytes }) =>
    [
      segment === null
        ? JOURNAL
        : `${JOURNAL}.${segment.number}-${segment.lastSeq}`,
      decoder.decode(bytes),
    ] as const
  );
  return new Map(files.toSorted());
}

/** What an account that is opened from these files knows, to its last digit. */
export function stateOf(files: ReadonlyMap<string, string>): unknown {
  const bytes = new TextEncoder().encode(files.get(JOURNAL));
  const { entries } = decodeJournal(bytes, JOURNAL);
  const account = DeskAccount.recover(entries, { append() {} });
  const { view, tradesHash } = { view: account.view(), ...account.view() };
  assert.equal(typeof tradesHash, "string");
  return {
    view,
    tradesHash,
    state: account.toSegmentStart({ segment: 1, newestEpoch: 0 }),
  };
}

/** One host: a store and a mirror of its own over the same KV. */
export async function openHost(connection: KvConnection, folder: string) {
  const store = await createStore({ ...methodsOf(connection), close() {} }, {
    time: systemTime,
  });
  const files = createJournalFiles(folder);
  const mirror = new JournalMirror({ store: store.journals, files });
  return { store, files, mirror };
}

function methodsOf(connection: KvConnection): KvConnection {
  return {
    get: (key) => connection.get(key),
    getMany: (wanted) => connection.getMany(wanted),
    list: (selector, limits) => connection.list(selector, limits),
    write: (write) => connection.write(write),
    watch: (keys) => connection.watch(keys),
    close: () => connection.close(),
  };
}

/** Every key of the store that belongs to mirrors. */
export async function mirrorKeys(
  connection: KvConnection,
): Promise<Deno.KvKey[]> {
  const families = ["journal_head", "journal_row", "journal_chunk"];
  const lists = await Promise.all(
    families.map((family) =>
      connection.list({ prefix: [family] }, { limit: 500 })
    ),
  );
  return lists.flat().map(({ key }) => key);
}
