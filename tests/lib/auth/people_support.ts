/** An installation with people in it. */
import { createPeople } from "../../../lib/auth/people/people.ts";
import type { ActingAdmin } from "../../../lib/auth/people/port.ts";
import { LoginDelays } from "../../../lib/auth/login_delays.ts";
import { createIdFactory } from "../../../lib/core/ids.ts";
import { openStore } from "../../../lib/store/open_store.ts";
import { ManualTime, systemTime } from "../store/support.ts";
import { addPerson, FROM } from "./support.ts";

export const NEW_PASSWORD = "violet kettle under stairs";

/** Accounts over a real store, with a hasher that costs nothing. */
export async function withPeople(
  test: (
    setup: {
      people: ReturnType<typeof createPeople>;
      store: Awaited<ReturnType<typeof openStore>>;
      time: ManualTime;
      ended: string[];
      by: (id: string) => Promise<ActingAdmin>;
    },
  ) => Promise<void>,
): Promise<void> {
  const time = new ManualTime();
  const store = await openStore({
    path: ":memory:",
    time: { ...systemTime, nowMs: () => time.nowMs() },
  });
  const ended: string[] = [];
  const people = createPeople({
    users: store.users,
    people: store.people,
    invites: store.invites,
    hasher: {
      hash: (password) => Promise.resolve(`hash of ${password}`),
      verify: () => Promise.resolve(false),
      close: () => {},
    },
    delays: new LoginDelays(() => time.nowMs()),
    ids: createIdFactory({ nowMs: () => time.nowMs(), random: Math.random }),
    time,
    audit: (entry) => store.audit(entry),
    hasFactor: () => Promise.resolve(false),
    endLogins: (id) => {
      ended.push(id);
      return Promise.resolve();
    },
  });
  const by = async (id: string) => ({
    user: (await store.users.byId(id))!,
    ...FROM,
  });
  try {
    await addPerson({ store }, { id: "usr_ada", role: "admin" });
    await test({ people, store, time, ended, by });
  } finally {
    await store.close();
  }
}
