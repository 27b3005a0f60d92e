import type {
  ChannelHealth,
  StoredAlertChannel,
} from "../contracts/alerts/channel.ts";
import type {
  AlertCursor,
  AlertDelivery,
} from "../contracts/alerts/delivery.ts";
import type { AlertRule } from "../contracts/alerts/rule.ts";
import type { AuditEntry } from "../contracts/audit.ts";

/** Everything of alerts that is stored. */
export interface StoredAlerts {
  channels: readonly StoredAlertChannel[];
  rules: readonly AlertRule[];
  healths: readonly ChannelHealth[];
  /** Oldest first. */
  deliveries: readonly AlertDelivery[];
  /** Null while nobody is to be alerted. */
  cursor: AlertCursor | null;
}

/** What changes together. */
export interface AlertChange {
  /** Null removes it: nobody is to be alerted any more. */
  cursor?: AlertCursor | null;
  deliveries?: readonly AlertDelivery[];
  /** Ids of deliveries. */
  removed?: readonly string[];
  healths?: readonly ChannelHealth[];
}

/** What a person changes, with its entry in the audit trail. */
export type AlertEdit =
  | { kind: "channel"; channel: StoredAlertChannel }
  | {
    kind: "channel removed";
    id: string;
    /** Its messages. */
    deliveries: readonly string[];
    /** Rules without it. */
    rules: readonly AlertRule[];
    /** Rules that would lead nowhere. */
    emptyRules: readonly string[];
  }
  | { kind: "rule"; rule: AlertRule }
  | { kind: "rule removed"; id: string };

/** Channels, rules and the outbox. One process writes them: it keeps them in memory, too. */
export interface AlertStore {
  load(): Promise<StoredAlerts>;
  edit(edit: AlertEdit, audit: AuditEntry): Promise<void>;
  /** One commit: the cursor moves on only together with the messages that were read up to it. */
  commit(change: AlertChange): Promise<void>;
}
