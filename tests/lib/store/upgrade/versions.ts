/** The versions of everything that is stored, as they belong to one format of the data. */
export const VERSIONS_OF_FORMAT = {
  format: 4,
  journal: 7,
  /** Families whose values are of the first version are left out. */
  families: {
    agent: 4,
    audit: 2,
    audit_head: 2,
    exchange_key: 2,
    idempotency: 2,
    session: 2,
    user: 2,
  },
  snapshots: {
    pattern_detector: 2,
    decision_engine: 1,
    executor: 1,
    risk_manager: 1,
  },
} as const;

/** The audit trail is never rewritten. */
export function isAuditFamily(name: string): boolean {
  return name.startsWith("audit");
}
