/** What a campaign has found, with the promises that were broken. */
export class Findings {
  readonly lost: string[] = [];
  readonly duplicated: string[] = [];

  /** Something that was promised or caused is not there, or not as it was. */
  addLost(who: string, what: string): void {
    this.lost.push(`${who}: ${what}`);
  }

  /** Something happened more often than it may. */
  addDuplicated(who: string, what: string): void {
    this.duplicated.push(`${who}: ${what}`);
  }
}
