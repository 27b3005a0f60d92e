/** Logins over the real store in memory, of one process or of several on one store. */
import { openLogins } from "../../../../lib/auth/sessions/open_logins.ts";
import type { User } from "../../../../lib/contracts/auth.ts";
import { createIdFactory } from "../../../../lib/core/ids.ts";
import { createMemoryDatabase } from "../../../../lib/store/kv/memory_database.ts";
import { createStore } from "../../../../lib/store/open_store.ts";
import { userOf } from "../../../support/users.ts";
import { auditOf, ManualTime } from "../../store/support.ts";

export const CLIENT = {
  userAgent: "Firefox",
  address: "192.0.2.1",
  via: "panel",
};
export const PROGRAM = { userAgent: "smc-fleet-cli/1", address: "192.0.2.7" };
export const CALLER = {
  userId: "usr_1",
  email: "usr_1@example.com",
  via: "panel",
} as const;

/** One process. */
export type Process = Awaited<ReturnType<World["start"]>>;

/** A store that several processes share, and the time of all of them. */
export class World {
  readonly time = new ManualTime();
  /** Writes fail while it is full; reads go on. */
  readonly disk = { isFull: false };
  readonly user: User = userOf();
  readonly #database = createMemoryDatabase();
  readonly #ends: (() => Promise<void>)[] = [];

  /** Starts one more process. */
  async start() {
    const { time, disk } = this;
    const connection = this.#database.connect({
      faults: {
        onCall: ({ kind }) => ({
          outcome: disk.isFull && kind === "write" ? "fail" : "ok",
        }),
      },
    });
    const store = await createStore(connection, { time });
    const ended: string[] = [];
    let drawn = this.#ends.length / 7;
    const logins = await openLogins({
      users: store.users,
      sessions: store.sessions,
      apiTokens: store.apiTokens,
      secrets: store.secrets,
      audit: store.audit,
      time,
      ids: createIdFactory({
        nowMs: () => time.nowMs(),
        random: () => (drawn = (drawn + 0.137) % 1),
      }),
      onEnded: (userId) => void ended.push(userId),
    });
    this.#ends.push(async () => {
      await logins.sessions.close();
      await store.close();
    });
    return { store, ...logins, ended };
  }

  /** What was audited, oldest first. */
  async audited({ store }: Pick<Process, "store">) {
    const page = { limit: 100, cursor: null };
    const both = await Promise.all([
      store.auditPage({ ...page, stream: "commands" }),
      store.auditPage({ ...page, stream: "access" }),
    ]);
    return both.flatMap(({ items }) => items.toReversed());
  }

  async close(): Promise<void> {
    for (const end of this.#ends) {
      // deno-lint-ignore no-await-in-loop -- one after the other
      await end();
    }
  }
}

/** Runs a test with one process, in which a user exists. */
export async function withLogins(
  test: (world: World, process: Process) => Promise<void>,
): Promise<void> {
  const world = new World();
  const process = await world.start();
  await process.store.users.create(world.user, {
    passwordHash: "hash",
    onlyFirst: true,
    audit: auditOf("auth.setup"),
  });
  try {
    await test(world, process);
  } finally {
    world.disk.isFull = false;
    await world.close();
  }
}
