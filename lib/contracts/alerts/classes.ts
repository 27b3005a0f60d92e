/**
 * What people can be alerted of. The table in docs/alerts.md is generated from
 * here.
 *
 * @module
 */

/** How bad something is, mildest first. During quiet hours only `critical` goes out. */
export const ALERT_SEVERITIES = ["info", "warning", "critical"] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

/** What a class is, for people. */
interface ClassFacts {
  label: string;
  /** When there is such an alert. */
  when: string;
  /** Severities that its alerts have. */
  severities: readonly AlertSeverity[];
  /** Part of the form and of the docs that it stands in. */
  group: "Agents" | "Risk" | "Orders" | "Server" | "Account" | "Results";
}

/** Every class of events. */
export const ALERT_CLASSES = {
  agent_quarantined: {
    label: "Agent given up",
    when:
      "An agent failed again and again and is not started any more, or was killed",
    severities: ["critical"],
    group: "Agents",
  },
  agent_failed: {
    label: "Agent failed",
    when: "An agent failed and is started again after a pause",
    severities: ["warning"],
    group: "Agents",
  },
  agent_degraded: {
    label: "Agent degraded",
    when: "An agent runs, but not as it should, or waits for what it needs",
    severities: ["warning"],
    group: "Agents",
  },
  risk_limit: {
    label: "Risk limit breached",
    when: "A risk manager found a limit breached, or near",
    severities: ["info", "warning", "critical"],
    group: "Risk",
  },
  trading_state: {
    label: "Trading reduced or halted",
    when:
      "The desk changed what an agent may do: active (information), reducing (warning) or halted (critical)",
    severities: ["info", "warning", "critical"],
    group: "Risk",
  },
  emergency_stop: {
    label: "Emergency stop",
    when: "An emergency stop was pulled, or did what it could",
    severities: ["warning", "critical"],
    group: "Risk",
  },
  emergency_released: {
    label: "Emergency stop released",
    when: "An emergency stop was released",
    severities: ["warning"],
    group: "Risk",
  },
  order_unknown: {
    label: "Order unknown",
    when: "Nobody knows what became of an order at a venue",
    severities: ["info", "critical"],
    group: "Orders",
  },
  order_refused: {
    label: "Order refused",
    when: "The desk or the venue refused an order of an agent",
    severities: ["warning"],
    group: "Orders",
  },
  reconcile_drift: {
    label: "Books and venue differ",
    when: "A venue holds something else than the books, or an unknown order",
    severities: ["info", "warning", "critical"],
    group: "Orders",
  },
  venue_trouble: {
    label: "Trouble at a venue",
    when:
      "A venue is closed, cannot be reached or refuses the key; a position was without its stop",
    severities: ["info", "critical"],
    group: "Orders",
  },
  feed_trouble: {
    label: "Market data missing",
    when: "Prices stopped coming, or come again",
    severities: ["info", "warning", "critical"],
    group: "Orders",
  },
  storage_trouble: {
    label: "Disk or storage trouble",
    when: "The store or a journal cannot be written, or can be again",
    severities: ["info", "warning", "critical"],
    group: "Server",
  },
  server_trouble: {
    label: "Server trouble",
    when:
      "The server is not well: burning threads, a broken audit trail, alerts that do not arrive",
    severities: ["info", "warning", "critical"],
    group: "Server",
  },
  key_test_failed: {
    label: "Exchange key failed its test",
    when: "A test of an exchange key did not end with the key verified",
    severities: ["warning"],
    group: "Account",
  },
  login_new_place: {
    label: "Login from a new place",
    when: "Somebody logged in from an address that they had not used before",
    severities: ["warning"],
    group: "Account",
  },
  factor_changed: {
    label: "Password or second factor changed",
    when:
      "A password, an authenticator or a passkey was set, removed or recovered",
    severities: ["critical"],
    group: "Account",
  },
  backtest_finished: {
    label: "Backtest finished",
    when: "A backtest is done (information) or failed (warning)",
    severities: ["info", "warning"],
    group: "Results",
  },
  trade_closed: {
    label: "Trade closed",
    when: "An agent closed a position",
    severities: ["info"],
    group: "Results",
  },
} as const satisfies Readonly<Record<string, ClassFacts>>;
export type AlertClass = keyof typeof ALERT_CLASSES;

/** All classes, in the order of the form. */
export const ALERT_CLASS_NAMES = Object.keys(ALERT_CLASSES) as AlertClass[];

/** Whether one severity is at least another. */
export function reachesSeverity(
  severity: AlertSeverity,
  least: AlertSeverity,
): boolean {
  return ALERT_SEVERITIES.indexOf(severity) >= ALERT_SEVERITIES.indexOf(least);
}

/** The worse of two severities. */
export function worseSeverity(
  left: AlertSeverity,
  right: AlertSeverity,
): AlertSeverity {
  return reachesSeverity(left, right) ? left : right;
}
