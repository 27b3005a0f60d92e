/**
 * Tickets for sockets: where a client can set no header, it asks for one by a
 * request that carries its login and sends it in the first frame. A ticket is
 * worth something once, for half a minute, and no longer than its login.
 *
 * @module
 */
import {
  MAX_TICKETS,
  MAX_TICKETS_PER_USER,
  TICKET_BYTES,
  TICKET_MS,
} from "./limits.ts";

/** Who a ticket was given to. */
export interface TicketHolder {
  userId: string;
  /** Whether the login that asked for it may still listen. */
  isStillAllowed: () => Promise<boolean>;
}

/** A ticket as its holder gets it. */
export interface IssuedTicket {
  ticket: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** The tickets of this process, in memory: after a restart one asks for another. */
export interface Tickets {
  issue(holder: TicketHolder): IssuedTicket;
  /** The holder of a ticket that is good; the ticket is used up with it. */
  redeem(ticket: string): Promise<TicketHolder | null>;
}

/** Makes an empty set of tickets. */
export function createTickets(options: { now: () => number }): Tickets {
  /** In the order of issue, which is the order of expiry. */
  const issued = new Map<string, { holder: TicketHolder; expiresAt: number }>();
  const forgetExpired = () => {
    for (const [ticket, { expiresAt }] of issued) {
      if (expiresAt > options.now()) return;
      issued.delete(ticket);
    }
  };
  return {
    issue(holder) {
      forgetExpired();
      const own = [...issued].filter(([, one]) =>
        one.holder.userId === holder.userId
      );
      // The oldest gives way, first of this user and then of all.
      if (own.length >= MAX_TICKETS_PER_USER) issued.delete(own[0]![0]);
      if (issued.size >= MAX_TICKETS) {
        issued.delete(issued.keys().next().value!);
      }
      const bytes = crypto.getRandomValues(new Uint8Array(TICKET_BYTES));
      const ticket = bytes.toBase64({ alphabet: "base64url" });
      const expiresAt = options.now() + TICKET_MS;
      issued.set(ticket, { holder, expiresAt });
      return { ticket, expiresAt };
    },
    async redeem(ticket) {
      forgetExpired();
      const found = issued.get(ticket);
      // Used up before anything is waited for, or two could use it at once.
      issued.delete(ticket);
      if (found === undefined) return null;
      return await found.holder.isStillAllowed() ? found.holder : null;
    },
  };
}
