const LIVE_PAGES = /^\/($|logs$|risk$|agents\/[^/]+$|backtests(\/[^/]+)?$)/;

/** Whether a page has a live connection, which its chip tells of; others ask by themselves whether the server answers. */
export function isLivePage(url: URL): boolean {
  return LIVE_PAGES.test(url.pathname) && !url.searchParams.has("compare");
}
