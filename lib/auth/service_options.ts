import type { AuditEntry } from "../contracts/audit.ts";
import type { TimeSource } from "../core/time.ts";
import type {
  ApiTokenStore,
  InviteStore,
  PasskeyStore,
  PeopleStore,
  SecondFactorStore,
  SecretStore,
  SessionStore,
  UserStore,
} from "../store/port.ts";
import type { Keyring } from "../vault/envelope.ts";

/** What the service needs. */
export interface AuthServiceOptions {
  users: UserStore;
  people: PeopleStore;
  invites: InviteStore;
  passkeys: PasskeyStore;
  secondFactors: SecondFactorStore;
  /** Seals what must be readable again. */
  wrapping: Keyring;
  sessions: SessionStore;
  apiTokens: ApiTokenStore;
  /** Where the signing keys are kept. */
  secrets: SecretStore;
  /** Told whenever a login or a token of a user has ended. */
  onEnded?: (userId: string) => void;
  /** The store's audit log. */
  audit: (entry: AuditEntry) => Promise<void>;
  time: TimeSource;
  /** The one-time token of the first account; null if there is none. */
  readSetupToken: () => Promise<string | null>;
  removeSetupToken: () => Promise<void>;
  /** Module of the password worker: `password_worker.ts` or a bundle of it. */
  passwordWorkerUrl?: URL;
  /** There are no workers here: passwords are hashed in this isolate. */
  isWorkerless?: boolean;
}
