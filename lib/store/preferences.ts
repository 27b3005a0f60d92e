import {
  type Preferences,
  readPreferences,
} from "../contracts/preference_values.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import type { PreferencesStore } from "./port.ts";

interface StoredPreferences {
  v: 1;
  preferences: unknown;
}

/** How people want the panel; the last who writes is right. */
export class KvPreferencesStore implements PreferencesStore {
  readonly #kv: GuardedKv;

  constructor(options: { kv: GuardedKv }) {
    this.#kv = options.kv;
  }

  async get(userId: string): Promise<Preferences | null> {
    const { value } = await this.#kv.get<StoredPreferences>(
      keys.preferences(userId),
    );
    return value === null ? null : readPreferences(value.preferences);
  }

  async put(userId: string, preferences: Preferences): Promise<void> {
    const value: StoredPreferences = { v: 1, preferences };
    await this.#kv.commit({
      checks: [],
      sets: [{ key: keys.preferences(userId), value }],
    });
  }
}
