/** How the store does. */
export interface StoreHealth {
  ok: boolean;
  /** A sentence for people. */
  detail: string;
  /** When the failure that lasts began, in milliseconds since 1970; null where none does. */
  failingSince: number | null;
  /** What fails. On a full disk reads go on while commits fail. */
  kind: "read" | "commit" | null;
}
