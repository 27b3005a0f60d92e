import type { EmergencyOptions } from "./emergency/files.ts";
import type { JournalSizes } from "./open_account.ts";
import type { OpenGateway } from "./venue/opener.ts";
import type { EntryBlock } from "./venue/port.ts";

/** What a desk program may be made with. */
export interface DeskProgramOptions extends JournalSizes, EmergencyOptions {
  /** Opens venues; without it the desk matches candles only. */
  openGateway?: OpenGateway;
  /** In [0, 1), for waits; needed with `openGateway`. */
  random?: () => number;
  /** Why accounts that trade with money by this key may not enter; null for nothing. */
  liveBlock?: (credentialId: string) => EntryBlock | null;
}
